using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;

namespace Shoal.Cli.Edge;

/// <summary>Defines <c>shoal fetch</c>.</summary>
internal static class FetchCommand
{
    public static Command Create(CommandRun<FetchArguments> run, CommandScreen screen)
    {
        var common = new TierFlags("The folder to receive into; made if absent");
        var list = new Option<string>("--list")
        {
            HelpName = "FILE|-|GLOB",
            Description = "What to fetch: a file with a name a line, - for standard input, or names like a glob",
            Required = true,
            Arity = ArgumentArity.ExactlyOne,
        };
        Option<string> order = TypedOption.Choice(
            "--order", "Whether files start in the order of the list", "kept", "free");
        return new ShoalCommand(
            "fetch",
            "Fetches files by a list from the origin of a tier, by its edges and straight. Run again, it goes on "
            + "where it stopped.",
            "shoal fetch --hub 127.0.0.1:9999 --list tonight.txt --dir ./films",
            "shoal fetch --hub hub.local --key swarm.key --list - --dir ./films --order free   # names from a pipe",
            "shoal fetch --hub hub.local --list '*.mp4' --dir ./films")
            .RunBy(
                [.. common.First, list, order, common.Patience, .. common.Last],
                result => new FetchArguments
                {
                    Common = common.Bind(result, screen.Variable),
                    List = result.GetRequiredValue(list),
                    Order = result.GetValue(order) == "free" ? ListOrder.Free : ListOrder.Kept,
                },
                run, screen);
    }
}
