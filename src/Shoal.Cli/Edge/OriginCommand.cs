using System.CommandLine;
using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;

namespace Shoal.Cli.Edge;

/// <summary>Defines <c>shoal origin</c>.</summary>
internal static class OriginCommand
{
    private const int MostSteps = 100_000_000;

    public static Command Create(CommandRun<OriginArguments> run, CommandScreen screen)
    {
        var common = new TierFlags("The folder to serve");
        Option<TierRates?> rates = TypedOption.Optional<TierRates>(
            "--rates", "A,B,C",
            "Mbit/s from here to a client, from here to an edge and from an edge to a client: for the plan, and for a "
            + "lower bound beside the makespan [default: 1,2,3 for the plan, as far as they compare; no bound]",
            TierRates.TryParse);
        Option<int> edges = TypedOption.WithDefault(
            "--expect-edges", "N", "Start when N edges are here", WholeNumber.From(0, EdgeShape.MostEdges), "0");
        Option<int> clients = TypedOption.WithDefault(
            "--expect-clients", "N", "Start when N clients are here and have said what they want",
            WholeNumber.From(1, EdgeShape.MostClients), "1");
        Option<int> search = TypedOption.WithDefault(
            "--search", "STEPS", "How many schedules the plan at the start scores; 0 is no search",
            WholeNumber.From(0, MostSteps), EdgePlanner.DefaultSteps.ToString(CultureInfo.InvariantCulture));
        Option<string> clock = TypedOption.Choice(
            "--clock", "The clock of a run: the one on the wall, or a virtual one by which transfers take what the "
            + "rates say, whatever the links do",
            "wall", "virtual");
        Option<bool> stay = CommonOptions.Flag("--stay", "Go on when everybody has everything");
        Option<ChunkSize?> chunk = TypedOption.Optional<ChunkSize>(
            "--chunk", "SIZE",
            "The chunk size, a power of two from 16KiB to 4MiB [default: by the length of each file]",
            ChunkSize.TryParse);
        return new ShoalCommand(
            "origin",
            "Serves a folder to clients that name what they want, by edges near them and straight, as a plan says. "
            + "Ends when every client has everything.",
            "shoal origin --dir ./catalogue --hub 127.0.0.1:9999 --expect-edges 2 --expect-clients 4",
            "shoal origin --dir ./catalogue --hub hub.local --key swarm.key --rates 10,50,100 --stay",
            "shoal origin --dir ./catalogue --hub hub.local --clock virtual --expect-clients 4 --report run.json")
            .RunBy(
                [
                    .. common.First, .. common.Doors, rates, edges, clients, search, clock, stay, chunk,
                    .. common.Last,
                ],
                result => new OriginArguments
                {
                    Common = common.Bind(result, screen.Variable),
                    Rates = result.GetValue(rates),
                    ExpectEdges = result.GetValue(edges),
                    ExpectClients = result.GetValue(clients),
                    Steps = result.GetValue(search),
                    Clock = result.GetValue(clock) == "virtual" ? TierClock.Virtual : TierClock.Wall,
                    Stay = result.GetValue(stay),
                    ChunkSize = result.GetValue(chunk)?.Bytes,
                },
                run, screen);
    }
}
