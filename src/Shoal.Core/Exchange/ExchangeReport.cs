using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What a run of a swarm took, beside the least that its links allowed.</summary>
/// <param name="Makespan">From the opening of the start barrier to the last member's last verified chunk.</param>
/// <param name="LowerBound">The least time that the capacities allow; zero when no capacity is known.</param>
/// <param name="BoundSource">Where the capacities come from. Only declared and simulated bounds are proven.</param>
/// <param name="Binding">Which constraint the bound comes from, for people; empty when no capacity is known.</param>
/// <param name="ContentBytes">Bytes of all contents, each counted once.</param>
/// <param name="Peers">The members that took part, in the order of joining.</param>
public sealed record ExchangeReport(
    TimeSpan Makespan, TimeSpan LowerBound, BoundSource BoundSource, string Binding, long ContentBytes,
    ImmutableArray<PeerReport> Peers)
{
    /// <summary>Makespan over lower bound; null when no capacity is known.</summary>
    public double? Ratio => LowerBound > TimeSpan.Zero ? Makespan / LowerBound : null;
}

/// <summary>One member's line of a report.</summary>
/// <param name="Peer">Its identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Finish">From the opening of the start barrier to its last verified chunk; null: not complete.</param>
/// <param name="OwnedBytes">Bytes that only it had at the start.</param>
/// <param name="Tally">What it counted.</param>
/// <param name="UpCapacity">The upload capacity that the bound used, bytes per second; 0: not known.</param>
/// <param name="DownCapacity">The download capacity that the bound used, bytes per second; 0: not known.</param>
public sealed record PeerReport(
    PeerId Peer, string Name, TimeSpan? Finish, long OwnedBytes, PeerTally Tally, double UpCapacity,
    double DownCapacity);

/// <summary>Where the capacities behind a lower bound come from.</summary>
public enum BoundSource
{
    /// <summary>From rates that were seen while queues were backlogged. Such a bound is not proven.</summary>
    Estimated,

    /// <summary>From what the members declared.</summary>
    Declared,

    /// <summary>From a simulated world.</summary>
    Simulated,
}
