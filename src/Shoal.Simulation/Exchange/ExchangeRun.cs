using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>What came of a simulated exchange.</summary>
public sealed record ExchangeRun
{
    /// <summary>From the opening of the start barrier to the last verified chunk.</summary>
    public required VirtualTime Makespan { get; init; }

    /// <summary>The least makespan that the links allow.</summary>
    public required BoundResult Bound { get; init; }

    /// <summary>Makespan over lower bound; null where no link limits anything.</summary>
    public double? Ratio => Bound.Seconds > 0 ? Makespan.Seconds / Bound.Seconds : null;

    /// <summary>The peers, in the scenario's order.</summary>
    public required ImmutableArray<PeerRun> Peers { get; init; }

    /// <summary>What the hub reported at the end, if it did.</summary>
    public required ExchangeReport? HubReport { get; init; }

    /// <summary>One number for all that happened: the same scenario gives the same.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>How many events there were.</summary>
    public required long Events { get; init; }

    /// <summary>How many messages peers sent to each other.</summary>
    public required long PeerMessages { get; init; }

    /// <summary>How many messages went between peers and the hub.</summary>
    public required long HubMessages { get; init; }

    /// <summary>Payload that the hub got, in bytes.</summary>
    public required long HubBytesIn { get; init; }

    /// <summary>Payload that the hub sent, in bytes.</summary>
    public required long HubBytesOut { get; init; }
}

/// <summary>One peer's part in a simulated exchange.</summary>
/// <param name="Finish">
/// From the opening of the start barrier to its last verified chunk; zero if it lacked none.
/// </param>
/// <param name="BytesSent">Payload that left it, in bytes.</param>
/// <param name="BytesSentToHub">What of it went to the hub.</param>
/// <param name="BytesStored">Payload that it got and kept, in bytes.</param>
/// <param name="BytesWasted">Payload that it got and had already, in bytes.</param>
/// <param name="ChunksRejected">Chunks that came damaged.</param>
/// <param name="IsComplete">Whether it has every chunk at the end.</param>
/// <param name="Outcome">How its part ended; null: it was killed.</param>
public sealed record PeerRun(
    VirtualTime Finish, long BytesSent, long BytesSentToHub, long BytesStored, long BytesWasted, int ChunksRejected,
    bool IsComplete, SwarmOutcome? Outcome);

/// <summary>How far a simulated exchange is.</summary>
/// <param name="Now">The virtual time.</param>
/// <param name="StoredChunks">Chunks that peers hold, summed over all peers.</param>
/// <param name="AllChunks">The same at the end.</param>
public readonly record struct ExchangeProgress(VirtualTime Now, long StoredChunks, long AllChunks);
