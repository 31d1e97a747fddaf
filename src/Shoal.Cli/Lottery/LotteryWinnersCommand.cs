using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>Defines <c>shoal lottery winners</c>.</summary>
internal static class LotteryWinnersCommand
{
    public static Command Create(CommandRun<LotteryWinnersArguments> run, CommandScreen screen)
    {
        Option<DrawName> draw = LotteryCommand.Draw();
        Option<int?> agency = TypedOption.Optional<int>(
            "--agency", "N", "Only this agency's winners", WholeNumber.From(1, int.MaxValue));
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "winners",
            "Prints the winners of a draw that was held: agency and document, in the order in which their bets were "
            + "stored. It reads the store itself, whether a hub is running or not; exit code 1 while the draw is open.",
            "shoal lottery winners --data /var/lib/shoal",
            "shoal lottery winners --draw spring --agency 3 --json")
        {
            draw,
            agency,
            json,
        };
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryWinnersArguments(
                store.Of(result), result.GetValue(draw),
                result.GetValue(agency) is { } one ? new AgencyId(one) : null, result.GetValue(json)),
            run, screen);
        return command;
    }
}
