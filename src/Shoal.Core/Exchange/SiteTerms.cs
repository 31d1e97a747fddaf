namespace Shoal.Core.Exchange;

/// <summary>The terms of a lower bound that come from links that sites share.</summary>
internal static class SiteTerms
{
    public static void Add(SwarmNeeds needs, BoundRule rule, List<BoundTerm> terms)
    {
        for (int site = 0; site < needs.Shape.Sites.Length; site++)
        {
            int members = needs.Shape.Peers.Count(link => link.Site == site);
            if (members == 0)
            {
                continue;
            }

            SiteLink link = needs.Shape.Sites[site];
            (double leaving, double entering) = rule is BoundRule.RelayOnce or BoundRule.RelayEachPair
                ? Relayed(needs, rule, site)
                : Exchanged(needs, rule, site, members);
            terms.Add(new BoundTerm(BoundKind.SiteUpload, SwarmNeeds.Seconds(leaving, link.Up), site));
            terms.Add(new BoundTerm(BoundKind.SiteDownload, SwarmNeeds.Seconds(entering, link.Down), site));
        }

        if (rule == BoundRule.Swarm && needs.Shape.Peers.Any(link => link.Site >= 0))
        {
            terms.Add(new BoundTerm(BoundKind.AllSites, AllSites(needs)));
        }
    }

    private static (double Leaving, double Entering) Exchanged(
        SwarmNeeds needs, BoundRule rule, int site, int members)
    {
        int outside = needs.Count - members;
        double leaving = 0;
        double entering = 0;
        foreach (HolderSet set in needs.Sets)
        {
            int inside = HoldersIn(needs, set, site);
            if (inside == set.Holders.Length && outside > 0)
            {
                leaving += rule == BoundRule.Direct ? set.Bytes * outside : set.Bytes;
            }
            else if (inside == 0)
            {
                entering += rule == BoundRule.Direct ? set.Bytes * members : set.Bytes;
            }
        }

        return (leaving, entering);
    }

    /// <summary>
    /// Between peer and hub a copy crosses the site's link whenever exactly one of them is in the site.
    /// </summary>
    private static (double Leaving, double Entering) Relayed(SwarmNeeds needs, BoundRule rule, int site)
    {
        bool isHubInside = needs.Shape.Hub!.Value.Site == site;
        double toHub = 0;
        foreach (HolderSet set in needs.Sets)
        {
            int inside = HoldersIn(needs, set, site);
            if (isHubInside ? inside == 0 : inside == set.Holders.Length)
            {
                toHub += BoundTerms.Sends(set, rule);
            }
        }

        double fromHub = 0;
        for (int i = 0; i < needs.Count; i++)
        {
            fromHub += (needs.Shape.Peers[i].Site == site) != isHubInside ? needs.Missing[i] : 0;
        }

        return isHubInside ? (fromHub, toHub) : (toHub, fromHub);
    }

    /// <summary>
    /// Each byte enters every place that lacks it, a place being a site or a peer outside all sites, and
    /// leaves another place for it: the term of all uploads, with places for peers.
    /// </summary>
    private static double AllSites(SwarmNeeds needs)
    {
        SwarmShape shape = needs.Shape;
        var siteUp = new double[shape.Sites.Length];
        var places = new HashSet<int>();
        double outgoing = 0;
        for (int i = 0; i < needs.Count; i++)
        {
            places.Add(PlaceOf(shape, i));
            if (shape.Peers[i].Site >= 0)
            {
                siteUp[shape.Peers[i].Site] += shape.Peers[i].Up;
            }
            else
            {
                outgoing += shape.Peers[i].Up;
            }
        }

        if (shape.Hub is { Site: >= 0 } inside)
        {
            siteUp[inside.Site] += inside.Up;
        }

        for (int site = 0; site < siteUp.Length; site++)
        {
            outgoing += Math.Min(siteUp[site], shape.Sites[site].Up);
        }

        double copies = 0;
        int mostLacking = 0;
        foreach (HolderSet set in needs.Sets)
        {
            int lacking = places.Count - set.Holders.Select(i => PlaceOf(shape, i)).Distinct().Count();
            copies += set.Bytes * lacking;
            mostLacking = Math.Max(mostLacking, lacking);
        }

        double lent = shape.Hub is { Site: < 0 } hub ? BoundTerms.HubGain(hub, mostLacking) : 0;
        return SwarmNeeds.Seconds(copies, outgoing + lent);
    }

    /// <summary>The site's index, or below zero a number of the peer's own.</summary>
    private static int PlaceOf(SwarmShape shape, int peer) =>
        shape.Peers[peer].Site >= 0 ? shape.Peers[peer].Site : -1 - peer;

    private static int HoldersIn(SwarmNeeds needs, HolderSet set, int site)
    {
        int inside = 0;
        foreach (int holder in set.Holders)
        {
            inside += needs.Shape.Peers[holder].Site == site ? 1 : 0;
        }

        return inside;
    }
}
