using System.Collections.Immutable;

namespace Shoal.Core.Roster;

/// <summary>One peer as the roster of a swarm knows it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name for people, unique in the swarm.</param>
/// <param name="JoinOrder">Its place in the order of joining, from 1; kept when it comes back.</param>
/// <param name="Endpoints">Where it can be dialled, as <c>HOST:PORT</c>, the best first.</param>
/// <param name="Capacity">What it declared of its links.</param>
public sealed record Member(
    PeerId Id, string Name, int JoinOrder, ImmutableArray<string> Endpoints, DeclaredCapacity Capacity)
{
    /// <summary>When its chunks go through the hub.</summary>
    public RelayUse Relay { get; init; }
}

/// <summary>What a peer said of its own links, in bytes per second; null where it said nothing.</summary>
/// <param name="Up">Upload capacity.</param>
/// <param name="Down">Download capacity.</param>
public readonly record struct DeclaredCapacity(double? Up, double? Down);
