using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>Defines <c>shoal lottery open</c>.</summary>
internal static class LotteryOpenCommand
{
    public static Command Create(CommandRun<LotteryOpenArguments> run, CommandScreen screen)
    {
        Argument<DrawName> draw = new("DRAW")
        {
            Description = "The name of the draw",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (!LotteryCommand.TryParseDraw(text, out DrawName name, out string? reason))
                {
                    result.AddError($"DRAW: {reason}.");
                }

                return name;
            },
        };
        draw.Validators.Add(CommonOptions.RefuseFlags);
        var command = new ShoalCommand(
            "open",
            "Makes a draw, whether a hub is running or not: its roster and winning number are settled from then on. "
            + "One that is there already with the same terms is left as it is.",
            "shoal lottery open spring --agencies 12 --winning-number 42",
            "shoal lottery open spring --roster spring.txt --data /var/lib/shoal")
        {
            draw,
        };
        var terms = new TermsOptions(command);
        var store = new StoreOptions(command);
        command.RunBy(
            result => new LotteryOpenArguments(store.Of(result), terms.Of(result.GetValue(draw), result)), run, screen);
        return command;
    }
}
