using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>
/// Computes plans. With two hops peer s uploads its own F_s once and each of the y_s bytes that it
/// distributes N - 2 times, so shares y with F_s + (N-2) y_s at most u_s T, summing up to all bytes, finish
/// in T, and the least such T is the bound without downloads.
/// </summary>
public static class DistributionPlanner
{
    /// <summary>
    /// Two hops are left for trees when their last chunks take more than this part of the planned time.
    /// </summary>
    private const double MostOverhead = 0.01;

    /// <summary>Trees are left alone unless others need less than this part of their time.</summary>
    private const double WorthRegrowing = 0.8;

    /// <summary>
    /// Trees are not shaped by measured capacities that differ by less: measuring is rougher than that.
    /// </summary>
    private const double Likeness = 2;

    private const double Rounding = 1e-9;

    /// <summary>The plan for a swarm as it is now.</summary>
    /// <param name="epoch">The plan's number, above that of the plan before.</param>
    /// <param name="peers">
    /// The peers that are present, in the order of joining. Capacities that are not known are taken to be the
    /// median of those that are. If none is known, the plan spreads: every owner sends each byte once, and
    /// what all are able to upload shows without wasting a slow uplink. A last one that is
    /// <see cref="Roster.PeerId.Relay"/> stands for a hub that lends its uplink; then chunks take two hops.
    /// </param>
    /// <param name="chunkBytes">The usual chunk size, in bytes.</param>
    /// <param name="boundSeconds">
    /// The time that downloads and other limits take in any case, in seconds; 0: not known. Where it leaves
    /// room, owners distribute more of their own bytes, which saves a hop.
    /// </param>
    /// <param name="previous">
    /// The plan that is followed so far, if there is one. It decides between hops and trees, since chunks on
    /// their way would lose it; and where trees would hardly gain by another shape, it is the result itself.
    /// </param>
    public static DistributionPlan Compute(
        int epoch, IReadOnlyList<PlanInput> peers, double chunkBytes, double boundSeconds = 0,
        DistributionPlan? previous = null)
    {
        var loads = new PlanLoads(peers);
        if (loads.Receivers <= 0)
        {
            return WithWalls(new DistributionPlan(epoch, 0, Shares(peers, loads.Sole, isSpread: false)), peers, epoch);
        }

        if (peers.Count <= DistributionPlan.MeshLimit + (loads.HasHub ? 1 : 0) && previous is not { TreeCount: > 0 }
            && PlanReach.Of(peers) is { IsMixed: true } reach)
        {
            return AroundWalls(epoch, peers, loads, reach);
        }

        return WithWalls(ForAll(epoch, peers, chunkBytes, boundSeconds, previous, loads), peers, epoch);
    }

    private static DistributionPlan ForAll(
        int epoch, IReadOnlyList<PlanInput> peers, double chunkBytes, double boundSeconds,
        DistributionPlan? previous, PlanLoads loads)
    {
        double bound = loads.AreAllUnknown ? 0 : boundSeconds;
        double[] shares = loads.AreAllUnknown
            ? BalancedShares(loads, new double[loads.Count])
            : SharesWithOwnersFirst(loads, bound);
        if (loads.HasHub)
        {
            return new DistributionPlan(epoch, 0, Shares(peers, shares, isSpread: false));
        }

        bool needsTrees = peers.Count > DistributionPlan.MeshLimit || previous?.TreeCount > 0;
        double seconds = Math.Max(SecondsOf(loads, shares), bound);
        double overhead = previous is null ? Overhead(loads, shares, chunkBytes) : 0;
        if (needsTrees || overhead > MostOverhead * seconds)
        {
            var alike = new PlanLoads(peers, Likeness);
            ForestSize forest = previous?.TreeCount > 0
                ? ForestSize.Of(alike, previous.TreeCount, chunkBytes, bound)
                : ForestSize.Best(alike, chunkBytes, bound);
            if (needsTrees && previous is not null && StillDoes(previous, peers, alike, forest, bound))
            {
                return previous;
            }

            if (needsTrees || forest.Seconds < seconds + overhead)
            {
                return new DistributionPlan(
                    epoch, forest.TreeCount, Shares(peers, forest.Shares, isSpread: false));
            }
        }

        return new DistributionPlan(epoch, 0, Shares(peers, shares, loads.AreAllUnknown));
    }

    /// <summary>
    /// Names the walls: trees are grown around them, and with two hops, where all are walled, nobody hopes for a
    /// connection.
    /// </summary>
    private static DistributionPlan WithWalls(DistributionPlan plan, IReadOnlyList<PlanInput> peers, int epoch)
    {
        ImmutableArray<PlanWall> walls = PlanReach.WallsAmong(peers);
        if (plan.TreeCount > 0 && walls.Length > DistributionPlan.MostWalls)
        {
            walls = walls[..DistributionPlan.MostWalls];
        }

        return walls.SequenceEqual(plan.Walls) || !DistributionPlan.AreValid(plan.TreeCount, peers.Count, walls, [])
            ? plan
            : new DistributionPlan(epoch, plan.TreeCount, plan.Shares, walls, []);
    }

    /// <summary>Two hops among peers of whom some cannot reach each other.</summary>
    private static DistributionPlan AroundWalls(
        int epoch, IReadOnlyList<PlanInput> peers, PlanLoads loads, PlanReach reach)
    {
        PlanMatrix matrix = PlanMatrix.Best(loads, reach);
        ImmutableArray<PlanRow> rows = matrix.Rows;
        double[] shares = rows.IsEmpty ? BalancedShares(loads, new double[loads.Count]) : matrix.Shares;
        return new DistributionPlan(epoch, 0, Shares(peers, shares, isSpread: false), reach.Walls, rows);
    }

    /// <summary>The time in which all shares are uploaded.</summary>
    internal static double SecondsOf(PlanLoads loads, double[] shares)
    {
        double seconds = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            seconds = Math.Max(seconds, (loads.Waiting[i] + (loads.Receivers * shares[i])) / loads.Up[i]);
        }

        return seconds;
    }

    /// <summary>Whether the trees of a plan are for the same peers and nearly as good as new ones.</summary>
    private static bool StillDoes(
        DistributionPlan plan, IReadOnlyList<PlanInput> peers, PlanLoads loads, ForestSize forest,
        double bound)
    {
        double total = plan.Shares.Sum(share => share.ShareBytes);
        if (plan.TreeCount != forest.TreeCount || total == 0
            || !plan.Shares.Select(share => share.Peer).SequenceEqual(peers.Select(peer => peer.Peer)))
        {
            return false;
        }

        double[] scaled = [.. plan.Shares.Select(share => share.ShareBytes / total * loads.Bytes)];
        double regrown = Math.Max(SecondsOf(loads, forest.Shares), bound);
        return regrown >= Math.Max(SecondsOf(loads, scaled), bound) * WorthRegrowing;
    }

    private static double[] SharesWithOwnersFirst(PlanLoads loads, double bound)
    {
        double balanced = Math.Max(BalancedSeconds(loads, new double[loads.Count]), loads.OwnSeconds);

        // Half the room goes to owners who can then skip a hop, half is left for what plans do not foresee.
        double planned = balanced + (Math.Max(0, bound - balanced) / 2);
        var kept = new double[loads.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            double most = loads.Spare(i, planned) / loads.Receivers;
            kept[i] = most < loads.Bytes * Rounding ? 0
                : most < loads.Sole[i] * (1 - Rounding) ? most
                : loads.Sole[i];
        }

        return BalancedShares(loads, kept);
    }

    /// <summary>Shares that are not below what is kept, and balanced above that.</summary>
    private static double[] BalancedShares(PlanLoads loads, double[] kept)
    {
        double rest = loads.Bytes - kept.Sum();
        if (rest <= loads.Bytes * Rounding)
        {
            return kept;
        }

        double level = BalancedSeconds(loads, kept);
        var above = new double[kept.Length];
        for (int i = 0; i < above.Length; i++)
        {
            above[i] = Math.Max(0, (loads.Spare(i, level) / loads.Receivers) - kept[i]);
            above[i] = above[i] < loads.Bytes * Rounding ? 0 : above[i];
        }

        double scale = rest / above.Sum();
        return [.. kept.Select((bytes, i) => bytes + (above[i] * scale))];
    }

    private static double BalancedSeconds(PlanLoads loads, double[] kept)
    {
        return PlanLoads.Level(loads.Bytes, Distributed).Enough;

        double Distributed(double seconds)
        {
            double sum = 0;
            for (int i = 0; i < kept.Length; i++)
            {
                sum += Math.Max(kept[i], loads.Spare(i, seconds) / loads.Receivers);
            }

            return sum;
        }
    }

    /// <summary>
    /// How long the distributors of forwarded chunks take, on average, to hand on their last one.
    /// </summary>
    private static double Overhead(PlanLoads loads, double[] shares, double chunkBytes)
    {
        double forwarded = 0;
        double seconds = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            double fromOthers = loads.AreAllUnknown ? shares[i] : Math.Max(0, shares[i] - loads.Sole[i]);
            forwarded += fromOthers;
            seconds += fromOthers * loads.Receivers * chunkBytes / loads.Up[i];
        }

        return forwarded > 0 ? seconds / forwarded : 0;
    }

    private static ImmutableArray<PlanShare> Shares(
        IReadOnlyList<PlanInput> peers, double[] shares, bool isSpread) =>
    [
        .. peers.Select((peer, i) =>
            new PlanShare(peer.Peer, isSpread ? 0 : Math.Max(0, peer.SoleBytes), shares[i])),
    ];
}
