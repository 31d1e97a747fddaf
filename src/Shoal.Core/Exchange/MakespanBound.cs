using System.Collections.Immutable;
using System.Numerics;

namespace Shoal.Core.Exchange;

/// <summary>At least so many of a source's chunks have exactly this size.</summary>
/// <param name="Count">How many chunks.</param>
/// <param name="Bytes">The size of each, in bytes.</param>
public readonly record struct EqualChunks(int Count, double Bytes);

/// <summary>
/// The proven lower bound on the makespan, by counting which bytes must cross which links. Half-duplex peers
/// may be mixed with others: what such a peer lacks is taken off the capacity that it can upload with.
/// </summary>
public static class MakespanBound
{
    /// <summary>
    /// The bound for a swarm whose peers may forward what they get: among themselves, with a hub that lends
    /// its uplink, or, relay only, through a hub that takes each byte once and fans it out.
    /// </summary>
    /// <param name="shape">Links and holdings.</param>
    /// <param name="chunks">
    /// If given, and one source serves peers of equal uplinks in full duplex, the time to hand on whole
    /// chunks counts.
    /// </param>
    /// <exception cref="ArgumentException">The shape contradicts itself.</exception>
    public static BoundResult Of(SwarmShape shape, EqualChunks? chunks = null) =>
        Compute(shape, shape.IsRelayOnly ? BoundRule.RelayOnce : BoundRule.Swarm, chunks);

    /// <summary>The bound if nobody forwards: every copy comes from a first holder.</summary>
    /// <exception cref="ArgumentException">The shape contradicts itself.</exception>
    public static BoundResult Direct(SwarmShape shape) => Compute(shape, BoundRule.Direct, null);

    /// <summary>
    /// The bound if every copy passes the hub on its own: a byte enters it once for each receiver.
    /// </summary>
    /// <exception cref="ArgumentException">The shape contradicts itself or has no hub.</exception>
    public static BoundResult RelayEachPair(SwarmShape shape) =>
        Compute(shape with { IsRelayOnly = true }, BoundRule.RelayEachPair, null);

    /// <summary>
    /// The least makespan, in seconds, of one source and receivers of equal uplinks when chunks are handed on
    /// whole: (F/u)(1 + floor(log2 L)/M) (Mundinger, Weber and Weiss, 2008).
    /// </summary>
    /// <param name="chunks">The source's chunks.</param>
    /// <param name="receivers">How many receivers, L.</param>
    /// <param name="up">The uplink of the source and of each receiver, bytes per second.</param>
    public static double OneSourceChunked(EqualChunks chunks, int receivers, double up) =>
        receivers <= 0 || chunks.Count <= 0
            ? 0
            : SwarmNeeds.Seconds((chunks.Count + BitOperations.Log2((uint)receivers)) * chunks.Bytes, up);

    private static BoundResult Compute(SwarmShape shape, BoundRule rule, EqualChunks? chunks)
    {
        ImmutableArray<BoundTerm> terms = BoundTerms.Of(new SwarmNeeds(shape), rule, chunks);
        BoundTerm? binding = Largest(terms);
        if (binding is null)
        {
            return BoundResult.Zero;
        }

        EqualChunks? left = binding.Kind == BoundKind.ChunkHandover ? null : chunks;
        BoundTerm? next = Largest(BoundTerms.Of(new SwarmNeeds(Relieve(shape, binding)), rule, left));
        return new BoundResult
        {
            Terms = terms,
            Binding = binding,
            SecondsWithoutBinding = Math.Min(binding.Seconds, next?.Seconds ?? 0),
        };
    }

    /// <summary>
    /// The largest term; of those equal but for rounding the most specific, then the first.
    /// </summary>
    private static BoundTerm? Largest(ImmutableArray<BoundTerm> terms)
    {
        const double Rounding = 1 - 1e-9;
        double most = terms.IsEmpty ? 0 : terms.Max(term => term.Seconds);
        return terms.Where(term => term.Seconds >= most * Rounding).MinBy(term => term.Kind);
    }

    private static SwarmShape Relieve(SwarmShape shape, BoundTerm term)
    {
        const double Free = double.PositiveInfinity;
        return term.Kind switch
        {
            BoundKind.PeerLink or BoundKind.PeerUpload => FreeUplinks(shape, [term.Index]),
            BoundKind.HolderSet => FreeUplinks(shape, term.Peers),
            BoundKind.PeerDownload => shape with
            {
                Peers = shape.Peers.SetItem(term.Index, shape.Peers[term.Index] with { Down = Free }),
            },
            BoundKind.SiteUpload => shape with
            {
                Sites = shape.Sites.SetItem(term.Index, shape.Sites[term.Index] with { Up = Free }),
            },
            BoundKind.SiteDownload => shape with
            {
                Sites = shape.Sites.SetItem(term.Index, shape.Sites[term.Index] with { Down = Free }),
            },
            BoundKind.AllSites => shape with
            {
                Sites = [.. shape.Sites.Select(site => site with { Up = Free })],
            },
            BoundKind.HubLink or BoundKind.HubUpload => shape with
            {
                Hub = shape.Hub!.Value with { Up = Free },
            },
            BoundKind.HubDownload => shape with { Hub = shape.Hub!.Value with { Down = Free } },
            BoundKind.ChunkHandover => shape,
            _ => FreeUplinks(shape, [.. Enumerable.Range(0, shape.Peers.Length)]),
        };
    }

    private static SwarmShape FreeUplinks(SwarmShape shape, ImmutableArray<int> peers)
    {
        ImmutableArray<PeerLink>.Builder links = shape.Peers.ToBuilder();
        foreach (int peer in peers)
        {
            links[peer] = links[peer] with { Up = double.PositiveInfinity };
        }

        return shape with { Peers = links.ToImmutable() };
    }
}
