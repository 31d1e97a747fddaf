using System.Text.Json.Serialization;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Relay;

namespace Shoal.Cli.Simulate;

/// <summary>A simulated star as JSON: virtual time in milliseconds, exact to the nanosecond.</summary>
internal sealed record StarDocument
{
    /// <summary>Null, as the random seed: a trace was judged, and does not say it.</summary>
    public required string? Policy { get; init; }

    public required string Mode { get; init; }

    public required bool ChargeFinished { get; init; }

    public required ulong? RandomSeed { get; init; }

    public required double VirtualMakespanMs { get; init; }

    /// <summary>The bound that counts whole chunks.</summary>
    public required double LowerBoundMs { get; init; }

    /// <summary>Null: there was nothing to do.</summary>
    public required double? Ratio { get; init; }

    /// <summary>From the start of a request to what finishes it, on average over all peers.</summary>
    public required double MeanChunkMs { get; init; }

    public required IReadOnlyList<StarPeerDocument> Peers { get; init; }

    /// <summary>With <c>--policy all</c>: every policy's run, this one included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StarDocument>? Policies { get; init; }

    public static StarDocument Of(StarPolicy? policy, StarRun run, StarArguments arguments) => new()
    {
        Policy = policy?.ToString().ToLowerInvariant(),
        Mode = arguments.Shape.Mode == StarMode.Strict ? "strict" : "fan-out",
        ChargeFinished = arguments.Shape.Finished == FinishedCost.Charged,
        RandomSeed = policy is null ? null : arguments.RandomSeed,
        VirtualMakespanMs = run.Makespan.Milliseconds,
        LowerBoundMs = run.Bound.Milliseconds,
        Ratio = run.Ratio,
        MeanChunkMs = run.MeanChunk.Milliseconds,
        Peers = [.. run.Peers.Select((peer, i) => StarPeerDocument.Of(i, peer, arguments.Shape))],
    };
}

/// <summary>One peer's part in a simulated star as JSON.</summary>
internal sealed record StarPeerDocument(
    string Name, double ChunkMs, double MessageMs, int ChunksOwned, double BusyMs, long ChunksServed,
    long ChunksReceived, double MeanChunkMs, IReadOnlyList<double?> FileMs)
{
    /// <summary>A peer; the time of a file is null if it had all of it from the start.</summary>
    public static StarPeerDocument Of(int index, StarPeerTally peer, StarShape shape) => new(
        $"peer {index + 1}", shape.Costs.Links[index].Chunk.Milliseconds,
        shape.Costs.Links[index].Message.Milliseconds, shape.Chunks[index], peer.Busy.Milliseconds, peer.ChunksServed,
        peer.ChunksReceived, peer.MeanChunk.Milliseconds,
        [.. peer.Files.Select(end => end == VirtualTime.Zero ? (double?)null : end.Milliseconds)]);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(StarDocument))]
internal sealed partial class StarJson : JsonSerializerContext;
