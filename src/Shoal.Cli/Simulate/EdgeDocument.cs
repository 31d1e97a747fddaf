using System.Text.Json.Serialization;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>A simulated edge tier as JSON: times in milliseconds, amounts in kilobits.</summary>
internal sealed record EdgeDocument
{
    public required string Policy { get; init; }

    public required ulong RandomSeed { get; init; }

    public required double VirtualMakespanMs { get; init; }

    /// <summary>With list order kept, the cut bound.</summary>
    public required double LowerBoundMs { get; init; }

    /// <summary>Every file that is wanted leaves the origin once.</summary>
    public required double DistinctBoundMs { get; init; }

    public required double? Ratio { get; init; }

    public required long OriginKb { get; init; }

    public required long DistinctKb { get; init; }

    public required IReadOnlyList<EdgePartDocument> Edges { get; init; }

    public required IReadOnlyList<EdgeClientDocument> Clients { get; init; }

    /// <summary>With <c>--policy all</c>: every policy's run, this one included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EdgeDocument>? Policies { get; init; }

    /// <summary>The document of a run.</summary>
    public static EdgeDocument Of(
        EdgeRun run, EdgeBounds bounds, EdgeDemand demand, EdgeArguments arguments) => new()
    {
        Policy = EdgeText.NameOf(run.Policy),
        RandomSeed = arguments.RandomSeed,
        VirtualMakespanMs = run.Makespan.Milliseconds,
        LowerBoundMs = BoundOf(bounds, arguments.Options.Order).Milliseconds,
        DistinctBoundMs = bounds.Distinct.Milliseconds,
        Ratio = RatioOf(run, bounds, arguments.Options.Order),
        OriginKb = run.OriginKb,
        DistinctKb = demand.DistinctKb,
        Edges = [.. run.Edges.Select((edge, i) => new EdgePartDocument(
            $"edge{i + 1}", edge.Hits, edge.Misses, edge.ReceivedKb, edge.SentKb, edge.PeakKb))],
        Clients = [.. run.Clients.Select((client, i) => new EdgeClientDocument(
            $"client{i + 1}", client.Finish.Milliseconds, client.Files, client.DirectFiles, client.Kb,
            client.DirectKb, client.MeanFile.Milliseconds,
            client.Finish == VirtualTime.Zero ? null : client.Kb / client.Finish.Seconds))],
    };

    /// <summary>Makespan by bound; null if there was nothing to do.</summary>
    public static double? RatioOf(EdgeRun run, EdgeBounds bounds, ListOrder order)
    {
        VirtualTime bound = BoundOf(bounds, order);
        return bound == VirtualTime.Zero ? null : (double)run.Makespan.Nanoseconds / bound.Nanoseconds;
    }

    private static VirtualTime BoundOf(EdgeBounds bounds, ListOrder order) =>
        order == ListOrder.Kept ? bounds.OrderKept : bounds.OrderFree;
}

/// <summary>One edge's part as JSON.</summary>
internal sealed record EdgePartDocument(
    string Name, int Hits, int Misses, long ReceivedKb, long SentKb, long PeakKb);

/// <summary>One client's part as JSON; rates in kbit/s.</summary>
internal sealed record EdgeClientDocument(
    string Name, double FinishMs, int Files, int DirectFiles, long ReceivedKb, long DirectKb, double MeanFileMs,
    double? MeanRate);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(EdgeDocument))]
internal sealed partial class EdgeJson : JsonSerializerContext;
