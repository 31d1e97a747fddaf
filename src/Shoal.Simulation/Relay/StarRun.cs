using System.Collections.Immutable;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Simulation.Relay;

/// <summary>What came of a simulated star.</summary>
public sealed record StarRun
{
    /// <summary>When everybody had everything, and had said so where that costs.</summary>
    public required VirtualTime Makespan { get; init; }

    /// <summary>The least makespan, by counting whole chunks.</summary>
    public required VirtualTime Bound { get; init; }

    /// <summary>Every peer's part.</summary>
    public required ImmutableArray<StarPeerTally> Peers { get; init; }

    /// <summary>From the start of a request to what finishes it, on average.</summary>
    public required VirtualTime MeanChunk { get; init; }

    /// <summary>Makespan by bound; null if there was nothing to do.</summary>
    public double? Ratio => Bound == VirtualTime.Zero ? null : (double)Makespan.Nanoseconds / Bound.Nanoseconds;
}
