using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Edge;

/// <summary>Defines <c>shoal edge</c>.</summary>
internal static class EdgeCommand
{
    public static Command Create(CommandRun<EdgeArguments> run, CommandScreen screen)
    {
        var common = new TierFlags("The folder of the copies; made if absent");
        Option<ByteSize> capacity = TypedOption.Required<ByteSize>(
            "--capacity", "SIZE", "What it holds at most at any moment, as 25MB; fills under way count in full",
            ByteSize.TryParse);
        Option<EndpointText?> http = CommonOptions.Http(
            "Serve the catalogue's files to ordinary programs (GET and HEAD /NAME, with ranges)");
        Option<bool> stay = CommonOptions.Flag("--stay", "Go on when everybody has everything");
        return new ShoalCommand(
            "edge",
            "Holds files near clients, within a capacity, as the origin of its tier orders. Ends when every client "
            + "has everything; run again, it finds what it held.",
            "shoal edge --hub 127.0.0.1:9999 --capacity 25MB --dir ./edge1",
            "shoal edge --hub hub.local --key swarm.key --capacity 2GB --dir ./edge --http 0.0.0.0:9980 --stay")
            .RunBy(
                [.. common.First, capacity, http, .. common.Doors, common.Patience, stay, .. common.Last],
                result => new EdgeArguments
                {
                    Common = common.Bind(result, screen.Variable),
                    Capacity = result.GetValue(capacity).Bytes,
                    Http = result.GetValue(http),
                    Stay = result.GetValue(stay),
                },
                run, screen);
    }
}
