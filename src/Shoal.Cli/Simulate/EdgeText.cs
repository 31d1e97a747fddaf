using System.Globalization;
using Shoal.Cli.Rendering;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>Runs of an edge tier, for people.</summary>
internal static class EdgeText
{
    /// <summary>What a policy is called on the command line.</summary>
    public static string NameOf(EdgePolicy policy) =>
        policy == EdgePolicy.OddEven ? "odd-even" : policy.ToString().ToLowerInvariant();

    /// <summary>The first line of every run.</summary>
    public static string Title(EdgeArguments arguments, EdgeDemand demand) => string.Create(
        CultureInfo.InvariantCulture,
        $"{SourceOf(arguments)} | {Describe(arguments, demand)} | {arguments.Replay}");

    /// <summary>The scenario in a few words.</summary>
    public static string Describe(EdgeArguments arguments, EdgeDemand demand) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Counted.Of(demand.Clients, "client")}, {Counted.Of(demand.Requests, "request")} for {demand.Files} of "
        + $"{Counted.Of(arguments.Files, "file")}; {Counted.Of(arguments.Shape.Edges, "edge")} of "
        + $"{arguments.Shape.CapacityKb} kb; {arguments.Rates} Mbit/s; "
        + $"order {(arguments.Options.Order == ListOrder.Kept ? "kept" : "free")}");

    private static string SourceOf(EdgeArguments arguments) => arguments.Lists is { } path
        ? $"lists of {path}"
        : string.Create(CultureInfo.InvariantCulture, $"random seed {arguments.RandomSeed}");

    /// <summary>One run.</summary>
    public static IEnumerable<string> Lines(EdgeRun run, EdgeBounds bounds, EdgeDemand demand, ListOrder order) =>
    [
        $"makespan        {Seconds(run.Makespan)}",
        .. BoundLines(bounds, order),
        $"ratio           {Ratio(run, bounds, order)}",
        $"left the origin {run.OriginKb} kb, of {demand.DistinctKb} kb distinct",
        "",
        .. EdgeLines(run),
        .. TextColumns.Align(
        [
            ["", "finish", "files", "direct", "mean file", "mean rate"],
            .. run.Clients.Select((client, i) => (IReadOnlyList<string>)
            [
                $"client {Number(i + 1)}", Seconds(client.Finish), Number(client.Files), Number(client.DirectFiles),
                Seconds(client.MeanFile), Rate(client),
            ]),
        ]),
    ];

    /// <summary>Several policies side by side.</summary>
    public static IEnumerable<string> Lines(
        IReadOnlyList<EdgeRun> runs, EdgeBounds bounds, EdgeDemand demand, ListOrder order) =>
    [
        .. TextColumns.Align(
        [
            ["policy", "makespan", "ratio", "left origin", "/ distinct", "hits", "misses", "direct"],
            .. runs.Select(run => (IReadOnlyList<string>)
            [
                NameOf(run.Policy), Seconds(run.Makespan), Ratio(run, bounds, order), $"{Number(run.OriginKb)} kb",
                demand.DistinctKb == 0 ? "none" : Fixed((double)run.OriginKb / demand.DistinctKb, "0.000"),
                Number(run.Edges.Sum(edge => edge.Hits)), Number(run.Edges.Sum(edge => edge.Misses)),
                Number(run.Clients.Sum(client => client.DirectFiles)),
            ]),
        ]),
        "",
        .. BoundLines(bounds, order),
    ];

    private static IEnumerable<string> BoundLines(EdgeBounds bounds, ListOrder order)
    {
        yield return order == ListOrder.Kept
            ? $"lower bound     {Seconds(bounds.OrderKept)}, list order kept"
            : $"lower bound     {Seconds(bounds.OrderFree)}, any order";
        yield return $"distinct files  {Seconds(bounds.Distinct)}, each leaving the origin once";
    }

    private static IEnumerable<string> EdgeLines(EdgeRun run) => run.Edges.Count == 0
        ? []
        :
        [
            .. TextColumns.Align(
            [
                ["", "hits", "misses", "received", "sent", "most held"],
                .. run.Edges.Select((edge, i) => (IReadOnlyList<string>)
                [
                    $"edge {Number(i + 1)}", Number(edge.Hits), Number(edge.Misses), $"{Number(edge.ReceivedKb)} kb",
                    $"{Number(edge.SentKb)} kb", $"{Number(edge.PeakKb)} kb",
                ]),
            ]),
            "",
        ];

    private static string Ratio(EdgeRun run, EdgeBounds bounds, ListOrder order) =>
        EdgeDocument.RatioOf(run, bounds, order) is { } ratio ? Fixed(ratio, "0.0000") : "none";

    private static string Rate(EdgeClientPart client) => client.Finish == VirtualTime.Zero
        ? "none"
        : Fixed(client.Kb / client.Finish.Seconds / 1000, "0.000") + " Mbit/s";

    private static string Seconds(VirtualTime time) => BoundText.Seconds(time.Seconds);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Fixed(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
