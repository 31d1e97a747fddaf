using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>Defines <c>shoal lottery generate</c>.</summary>
internal static class LotteryGenerateCommand
{
    private const int MostBets = 1_000_000_000;

    public static Command Create(CommandRun<LotteryGenerateArguments> run, CommandScreen screen)
    {
        Option<int> agencies = TypedOption.WithDefault<int>(
            "--agencies", "N", "How many agencies", WholeNumber.From(1, DrawTerms.LargestRoster), "5");
        Option<int> bets = TypedOption.WithDefault<int>(
            "--bets", "N", "Bets of all agencies together", WholeNumber.From(1, MostBets), "78697");
        Option<int> winners = TypedOption.WithDefault<int>(
            "--winners", "N", "Winners among them", WholeNumber.From(0, MostBets), "10");
        Option<int> winning = TypedOption.WithDefault<int>(
            "--winning-number", "N", "The number that wins", WholeNumber.From(0, BetRules.HighestNumber), "7574");
        Option<ulong> seed = CommonOptions.RandomSeed("1");
        Option<string?> folder = CommonOptions.Text("--dir", "DIR", "The folder to write to; made if absent");
        folder.Required = true;
        var command = new ShoalCommand(
            "generate",
            "Makes up bets: a file agency-N.csv for each agency, and winners.csv with what the draw must find in them, "
            + "as 'shoal lottery winners' prints it.",
            "shoal lottery generate --dir ./bets",
            "shoal lottery generate --agencies 100 --bets 1000000 --random-seed 7 --dir ./bets")
        {
            agencies,
            bets,
            winners,
            winning,
            seed,
            folder,
        };
        command.RunBy(
            result => Check(new LotteryGenerateArguments
            {
                Agencies = result.GetValue(agencies),
                Bets = result.GetValue(bets),
                Winners = result.GetValue(winners),
                WinningNumber = result.GetValue(winning),
                RandomSeed = result.GetValue(seed),
                Folder = result.GetValue(folder)!,
            }),
            run, screen);
        return command;
    }

    private static LotteryGenerateArguments Check(LotteryGenerateArguments arguments)
    {
        if (arguments.Winners > arguments.Bets)
        {
            throw new UsageException(
                $"--winners: {arguments.Winners} bets cannot win where only {arguments.Bets} are made; "
                + "give more --bets.");
        }

        return arguments;
    }
}
