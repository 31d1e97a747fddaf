using System.Collections.Immutable;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>Makes the report of a run: what it took, beside the lower bound for what was where at its start.</summary>
internal static class TrackerReport
{
    public static ExchangeReport Build(SwarmCatalog catalog, TrackerRoster roster, SwarmTrackerOptions options)
    {
        List<TrackerMember> members = [.. roster.All.OrderBy(member => member.Member.JoinOrder)];
        TimeSpan makespan = TimeSpan.Zero;
        foreach (TrackerMember member in members)
        {
            makespan = member.Finish > makespan ? member.Finish.Value : makespan;
        }

        ImmutableArray<HeldBytes> holdings = InitialHoldings(catalog, members);
        (TimeSpan bound, string binding) = Bound(members, makespan, holdings, options.LentRate);
        double[] owned = new double[members.Count];
        foreach (HeldBytes held in holdings)
        {
            if (held.Holders.Length == 1)
            {
                owned[held.Holders[0]] += held.Bytes;
            }
        }

        bool isDeclared = members.All(member => member.Member.Capacity is { Up: not null, Down: not null });
        return new ExchangeReport(
            makespan, bound, isDeclared ? options.DeclaredAs : BoundSource.Estimated, binding, catalog.WantedBytes,
            [.. members.Select((member, i) => new PeerReport(
                member.Id, member.Member.Name, member.Finish, (long)owned[i], member.Tally,
                Finite(UpOf(member, makespan)), Finite(DownOf(member))))]);
    }

    /// <summary>
    /// The bound counts a copy of everything for everybody who finished. Whoever went before that wants nothing,
    /// but may have helped: taken as somebody who has everything from the start, it makes the bound a lower one,
    /// never a wrong one. When no capacity is known, there is none to tell.
    /// </summary>
    private static (TimeSpan Bound, string Binding) Bound(
        List<TrackerMember> members, TimeSpan makespan, ImmutableArray<HeldBytes> holdings, double lentRate)
    {
        bool isUnknown = members.TrueForAll(
            member => double.IsInfinity(UpOf(member, makespan)) && double.IsInfinity(DownOf(member)));
        if (isUnknown)
        {
            return (TimeSpan.Zero, "");
        }

        int[] unfinished = [.. Enumerable.Range(0, members.Count).Where(i => members[i].Finish is null)];

        var shape = new SwarmShape
        {
            Peers = [.. members.Select(member => new PeerLink(UpOf(member, makespan), DownOf(member)))],
            Holdings = [.. holdings.Select(held => held with
            {
                Holders = [.. held.Holders.Union(unfinished).Order()],
            })],
            Hub = HubOf(members, lentRate),
        };
        BoundResult result = MakespanBound.Of(shape);
        return (TimeSpan.FromSeconds(result.Seconds),
            result.Binding?.Describe([.. members.Select(member => member.Member.Name)]) ?? "");
    }

    /// <summary>
    /// The hub's link, if chunks passed it: of that of a hub which only relays nothing is known, so it limits nothing.
    /// </summary>
    private static PeerLink? HubOf(List<TrackerMember> members, double lentRate)
    {
        bool isUsed = members.Exists(
            member => member.Member.Relay == RelayUse.Always || member.Tally.RelayedReceived > 0);
        return lentRate > 0 ? new PeerLink(lentRate, double.PositiveInfinity)
            : isUsed ? new PeerLink(double.PositiveInfinity, double.PositiveInfinity)
            : null;
    }

    /// <summary>What was with whom when the run began (for those who came later: when they came).</summary>
    private static ImmutableArray<HeldBytes> InitialHoldings(SwarmCatalog catalog, List<TrackerMember> members)
    {
        // Chunks with the same set of holders are found by a sum of one random number a holder.
        var keys = new ulong[catalog.ChunkCount];
        for (int i = 0; i < members.Count; i++)
        {
            ulong key = DeterministicRandom.Mix((ulong)i + 1);
            ChunkSet initial = members[i].Initial;
            for (int chunk = initial.NextFrom(0); chunk >= 0; chunk = initial.NextFrom(chunk + 1))
            {
                keys[chunk] += key;
            }
        }

        var groups = new Dictionary<ulong, (int Chunk, double Bytes)>();
        foreach (CatalogContent content in catalog.Contents)
        {
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                if (!content.IsWithdrawn && keys[chunk] != 0)
                {
                    (int first, double bytes) = groups.GetValueOrDefault(keys[chunk], (chunk, 0));
                    groups[keys[chunk]] = (first, bytes + catalog.LengthOf(chunk));
                }
            }
        }

        return [.. groups.Values.OrderBy(group => group.Chunk).Select(group => new HeldBytes(
            [.. Enumerable.Range(0, members.Count).Where(i => members[i].Initial.Contains(group.Chunk))],
            group.Bytes))];
    }

    /// <summary>
    /// As declared, or else as seen: at least what it sent in this time, so that no run beats its bound.
    /// </summary>
    private static double UpOf(TrackerMember member, TimeSpan makespan)
    {
        double sent = Math.Max(0, member.Tally.BytesSent - member.SentBefore);
        double seen = makespan > TimeSpan.Zero
            ? Math.Max(member.BestUpRate, sent / makespan.TotalSeconds)
            : member.BestUpRate;
        return member.Member.Capacity.Up ?? (seen > 0 ? seen : double.PositiveInfinity);
    }

    // A download rate that was seen says how fast the others sent, not what the link can take: it bounds nothing.
    private static double DownOf(TrackerMember member) => member.Member.Capacity.Down ?? double.PositiveInfinity;

    private static double Finite(double rate) => double.IsInfinity(rate) ? 0 : rate;
}
