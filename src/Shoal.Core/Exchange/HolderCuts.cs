using System.Collections.Immutable;
using System.Numerics;

namespace Shoal.Core.Exchange;

/// <summary>
/// The term of partly spread content: what is held only within a set of peers must leave it, over their
/// uplinks. Looks for the set of two or more peers, but not all, that allows the least.
/// </summary>
internal static class HolderCuts
{
    /// <summary>Up to so many peers every set is tried.</summary>
    public const int MostPeersForAllSets = 16;

    /// <summary>
    /// With more peers, at most so many unions of overlapping holder sets are tried: still a bound.
    /// </summary>
    public const int MostUnions = 512;

    public static void Add(SwarmNeeds needs, BoundRule rule, List<BoundTerm> terms)
    {
        bool sharesLinks = rule == BoundRule.Swarm && needs.Shape.Peers.Any(link => link.Site >= 0);
        if (needs.Sets.All(set => set.Holders.Length == 1) && !sharesLinks)
        {
            // The mean of single peers' terms cannot pass the largest of them.
            return;
        }

        (BigInteger mask, double seconds) = needs.Count <= MostPeersForAllSets
            ? LargestOfAllSets(needs, rule)
            : LargestOfUnions(needs, rule);
        terms.Add(new BoundTerm(BoundKind.HolderSet, seconds)
        {
            Peers = [.. Enumerable.Range(0, needs.Count).Where(i => Contains(mask, i))],
        });
    }

    private static (BigInteger Mask, double Seconds) LargestOfAllSets(SwarmNeeds needs, BoundRule rule)
    {
        var bytes = new double[1 << needs.Count];
        var capacity = new double[bytes.Length];
        var halfDuplex = new double[bytes.Length];
        foreach (HolderSet set in needs.Sets)
        {
            bytes[(int)set.Mask] += BoundTerms.Sends(set, rule);
        }

        for (int i = 0; i < needs.Count; i++)
        {
            PeerLink link = needs.Shape.Peers[i];
            capacity[1 << i] = link.Up;
            halfDuplex[1 << i] = link.IsHalfDuplex ? needs.Missing[i] : 0;
        }

        SumOverSubsets(bytes);
        SumOverSubsets(capacity);
        SumOverSubsets(halfDuplex);
        ImmutableArray<NarrowSite> sites = NarrowSites(needs.Shape, rule);
        (int Mask, double Seconds) best = default;
        for (int mask = 1; mask < bytes.Length - 1; mask++)
        {
            if (bytes[mask] == 0 || int.IsPow2(mask))
            {
                continue;
            }

            int peers = mask;
            double links = 0;
            foreach (NarrowSite site in sites)
            {
                if ((site.SmallMask & ~mask) == 0)
                {
                    peers &= ~site.SmallMask;
                    links += site.Up;
                }
            }

            double seconds = SwarmNeeds.Seconds(bytes[mask] + halfDuplex[peers], capacity[peers] + links);
            best = seconds > best.Seconds ? (mask, seconds) : best;
        }

        return best;
    }

    private static void SumOverSubsets(double[] values)
    {
        for (int bit = 1; bit < values.Length; bit <<= 1)
        {
            for (int mask = bit; mask < values.Length; mask++)
            {
                values[mask] += (mask & bit) != 0 ? values[mask ^ bit] : 0;
            }
        }
    }

    /// <summary>
    /// Tries unions of holder sets that overlap. Two that do not overlap need no trial together: the mean of
    /// their times cannot pass the larger one. A set that reaches into a site is also tried with the whole
    /// site.
    /// </summary>
    private static (BigInteger Mask, double Seconds) LargestOfUnions(SwarmNeeds needs, BoundRule rule)
    {
        ImmutableArray<NarrowSite> sites = NarrowSites(needs.Shape, rule);
        (BigInteger Mask, double Seconds) best = default;
        foreach (BigInteger mask in Unions(needs, sites))
        {
            double seconds = Seconds(needs, rule, mask, sites);
            best = seconds > best.Seconds ? (mask, seconds) : best;
        }

        return best;
    }

    private static List<BigInteger> Unions(SwarmNeeds needs, ImmutableArray<NarrowSite> sites)
    {
        var found = new HashSet<BigInteger>();
        var queue = new List<BigInteger>();
        foreach (HolderSet set in needs.Sets.OrderByDescending(set => set.Bytes))
        {
            Enqueue(set.Mask);
            Enqueue(sites.Where(site => !(site.Mask & set.Mask).IsZero)
                .Aggregate(set.Mask, (mask, site) => mask | site.Mask));
        }

        int holderSets = queue.Count;
        for (int i = 0; i < queue.Count && queue.Count < MostUnions; i++)
        {
            for (int j = 0; j < holderSets; j++)
            {
                if (!(queue[i] & queue[j]).IsZero)
                {
                    Enqueue(queue[i] | queue[j]);
                }
            }
        }

        return queue;

        void Enqueue(BigInteger mask)
        {
            // A single peer has a term of its own.
            if (queue.Count < MostUnions && !mask.IsPowerOfTwo && found.Add(mask))
            {
                queue.Add(mask);
            }
        }
    }

    private static double Seconds(
        SwarmNeeds needs, BoundRule rule, BigInteger mask, ImmutableArray<NarrowSite> sites)
    {
        double bytes = needs.Sets.Sum(set => (set.Mask & mask) == set.Mask ? BoundTerms.Sends(set, rule) : 0);
        double capacity = 0;
        BigInteger peers = mask;
        foreach (NarrowSite site in sites.Where(site => (site.Mask & mask) == site.Mask))
        {
            peers &= ~site.Mask;
            capacity += site.Up;
        }

        bool isAll = true;
        for (int i = 0; i < needs.Count; i++)
        {
            isAll &= Contains(mask, i);
            if (Contains(peers, i))
            {
                PeerLink link = needs.Shape.Peers[i];
                capacity += link.Up;
                bytes += link.IsHalfDuplex ? needs.Missing[i] : 0;
            }
        }

        return isAll ? 0 : SwarmNeeds.Seconds(bytes, capacity);
    }

    private static bool Contains(BigInteger mask, int peer) => !(mask & (BigInteger.One << peer)).IsZero;

    /// <summary>
    /// Sites whose link is narrower than their peers' uplinks together: where such a site is in a set as a
    /// whole, what leaves the set passes the link. Not so where bytes may be sent more often than once.
    /// </summary>
    private static ImmutableArray<NarrowSite> NarrowSites(SwarmShape shape, BoundRule rule)
    {
        var sites = ImmutableArray.CreateBuilder<NarrowSite>();
        for (int site = 0; site < shape.Sites.Length && rule == BoundRule.Swarm; site++)
        {
            BigInteger mask = default;
            double up = 0;
            for (int i = 0; i < shape.Peers.Length; i++)
            {
                if (shape.Peers[i].Site == site)
                {
                    mask |= BigInteger.One << i;
                    up += shape.Peers[i].Up;
                }
            }

            if (shape.Sites[site].Up < up)
            {
                sites.Add(new NarrowSite(mask, shape.Sites[site].Up));
            }
        }

        return sites.ToImmutable();
    }

    private readonly record struct NarrowSite(BigInteger Mask, double Up)
    {
        /// <summary>The mask of one of at most <see cref="MostPeersForAllSets"/> peers.</summary>
        public int SmallMask { get; } = Mask < 1 << MostPeersForAllSets ? (int)Mask : 0;
    }
}
