using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>
/// The links of an edge tier: one origin, edges, clients. Every pair has a connection of its own, the same speed both
/// ways; files in flight on one connection share it equally. One kilobit (kb) is 1000 bits, so 1 Mbit/s moves 1 kb in
/// 1 ms.
/// </summary>
public sealed record EdgeShape
{
    /// <summary>The most edges of a tier.</summary>
    public const int MostEdges = 64;

    /// <summary>The most clients of a tier.</summary>
    public const int MostClients = 256;

    /// <summary>The fastest connection, in kbit/s.</summary>
    public const long MostRate = 1_000_000_000;

    /// <summary>Edges, from 0 to <see cref="MostEdges"/>. Default: 2.</summary>
    public int Edges { get; init; } = 2;

    /// <summary>What an edge holds at most at any moment, fills under way included, in kb. Default: 25 MB.</summary>
    public long CapacityKb { get; init; } = 200_000;

    /// <summary>
    /// The same for each edge, where edges differ. Default: empty, all have <see cref="CapacityKb"/>.
    /// </summary>
    public ImmutableArray<long> Capacities { get; init; } = [];

    /// <summary>What the largest edge holds, in kb.</summary>
    public long LargestKb => Capacities.IsEmpty ? CapacityKb : Capacities.Max();

    /// <summary>What all edges hold together, in kb.</summary>
    public long HeldKb => Capacities.IsEmpty ? CapacityKb * Edges : Capacities.Sum();

    /// <summary>From the origin to each client, in kbit/s, above 0. Default: 1 Mbit/s.</summary>
    public long OriginToClient { get; init; } = 1_000;

    /// <summary>From the origin to each edge, in kbit/s, above 0. Default: 2 Mbit/s.</summary>
    public long OriginToEdge { get; init; } = 2_000;

    /// <summary>From each edge to each client, in kbit/s, above 0. Default: 3 Mbit/s.</summary>
    public long EdgeToClient { get; init; } = 3_000;

    /// <summary>What one edge holds at most, in kb.</summary>
    /// <param name="edge">The edge, from 0.</param>
    public long CapacityOf(int edge) => Capacities.IsEmpty ? CapacityKb : Capacities[edge];

    /// <summary>All that leaves the origin at once, in kbit/s.</summary>
    /// <param name="clients">How many clients there are.</param>
    public long OriginRate(int clients) => (OriginToClient * clients) + (OriginToEdge * Edges);

    /// <summary>How long something takes, rounded up to whole nanoseconds.</summary>
    /// <param name="kilobits">Its size in kb.</param>
    /// <param name="rate">In kbit/s.</param>
    public static VirtualTime Span(long kilobits, long rate) =>
        new((long)((((Int128)kilobits * 1_000_000_000) + rate - 1) / rate));
}
