using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>Which way bytes may take.</summary>
internal enum BoundRule
{
    /// <summary>Peers forward what they have got.</summary>
    Swarm,

    /// <summary>Only first holders send.</summary>
    Direct,

    /// <summary>All through the hub, which gets a byte once.</summary>
    RelayOnce,

    /// <summary>All through the hub, which gets a byte once for each receiver.</summary>
    RelayEachPair,
}

/// <summary>
/// The terms of a lower bound. Each one alone is a proof by counting; their maximum is the bound.
/// </summary>
internal static class BoundTerms
{
    public static ImmutableArray<BoundTerm> Of(SwarmNeeds needs, BoundRule rule, EqualChunks? chunks)
    {
        var terms = new List<BoundTerm>();
        if (needs.Sets.IsEmpty)
        {
            return [];
        }

        AddPeers(needs, rule, terms);
        HolderCuts.Add(needs, rule, terms);
        SiteTerms.Add(needs, rule, terms);
        AddHub(needs, rule, terms);
        AddAllUploads(needs, rule, terms);
        if (rule == BoundRule.Swarm && chunks is not null)
        {
            AddHandover(needs, chunks.Value, terms);
        }

        return [.. terms.Where(term => term.Seconds > 0)];
    }

    /// <summary>How often first holders must send each byte of a set.</summary>
    public static double Sends(HolderSet set, BoundRule rule) =>
        rule is BoundRule.Swarm or BoundRule.RelayOnce ? set.Bytes : set.Bytes * set.Lacking;

    private static void AddPeers(SwarmNeeds needs, BoundRule rule, List<BoundTerm> terms)
    {
        var owned = new double[needs.Count];
        foreach (HolderSet set in needs.Sets)
        {
            if (set.Holders.Length == 1)
            {
                owned[set.Holders[0]] += Sends(set, rule);
            }
        }

        for (int i = 0; i < needs.Count; i++)
        {
            PeerLink link = needs.Shape.Peers[i];
            if (link.IsHalfDuplex)
            {
                double both = SwarmNeeds.Seconds(owned[i] + needs.Missing[i], link.Up);
                terms.Add(new BoundTerm(BoundKind.PeerLink, both, i));
                continue;
            }

            double sending = SwarmNeeds.Seconds(owned[i], link.Up);
            double getting = SwarmNeeds.Seconds(needs.Missing[i], link.Down);
            terms.Add(new BoundTerm(BoundKind.PeerUpload, sending, i));
            terms.Add(new BoundTerm(BoundKind.PeerDownload, getting, i));
        }
    }

    private static void AddHub(SwarmNeeds needs, BoundRule rule, List<BoundTerm> terms)
    {
        if (rule is not (BoundRule.RelayOnce or BoundRule.RelayEachPair))
        {
            return;
        }

        PeerLink hub = needs.Shape.Hub!.Value;
        double into = rule == BoundRule.RelayOnce ? needs.Bytes : needs.Copies;
        if (hub.IsHalfDuplex)
        {
            terms.Add(new BoundTerm(BoundKind.HubLink, SwarmNeeds.Seconds(into + needs.Copies, hub.Up)));
            return;
        }

        terms.Add(new BoundTerm(BoundKind.HubUpload, SwarmNeeds.Seconds(needs.Copies, hub.Up)));
        terms.Add(new BoundTerm(BoundKind.HubDownload, SwarmNeeds.Seconds(into, hub.Down)));
    }

    private static void AddAllUploads(SwarmNeeds needs, BoundRule rule, List<BoundTerm> terms)
    {
        double up = needs.Shape.Peers.Sum(link => link.Up);
        double once = SwarmNeeds.Seconds(needs.Bytes + needs.HalfDuplexMissing, up);
        double all = needs.Copies + needs.HalfDuplexMissing;
        if (rule == BoundRule.RelayOnce)
        {
            terms.Add(new BoundTerm(BoundKind.AllUploads, once));
        }
        else if (rule == BoundRule.Swarm && needs.Shape.Hub is { } hub)
        {
            double lent = HubGain(hub, needs.Sets.Max(set => set.Lacking));
            terms.Add(new BoundTerm(BoundKind.AllUploads, once));
            terms.Add(new BoundTerm(BoundKind.AllUploadsAndHub, SwarmNeeds.Seconds(all, up + lent)));
        }
        else
        {
            terms.Add(new BoundTerm(BoundKind.AllUploads, SwarmNeeds.Seconds(all, up)));
        }
    }

    /// <summary>
    /// The upload capacity that a hub adds: it must get a byte once before it can send it to the peers that
    /// lack it, so x bytes sent cost the peers at least x / <paramref name="lacking"/> of uploads.
    /// </summary>
    public static double HubGain(PeerLink hub, int lacking)
    {
        if (lacking <= 1)
        {
            return 0;
        }

        double r = lacking;
        return hub.IsHalfDuplex
            ? hub.Up * (r - 1) / (r + 1)
            : Math.Min(hub.Up * (r - 1) / r, hub.Down * (r - 1));
    }

    private static void AddHandover(SwarmNeeds needs, EqualChunks chunks, List<BoundTerm> terms)
    {
        ImmutableArray<PeerLink> peers = needs.Shape.Peers;
        bool isOneSource = needs.Sets is [{ Holders.Length: 1 }] && needs.Shape.Hub is null;
        double up = peers[0].Up;
        if (isOneSource && peers.All(link => link.Up == up && !link.IsHalfDuplex))
        {
            double seconds = MakespanBound.OneSourceChunked(chunks, needs.Count - 1, up);
            terms.Add(new BoundTerm(BoundKind.ChunkHandover, seconds));
        }
    }
}
