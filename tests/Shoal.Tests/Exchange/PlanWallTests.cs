using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using static Shoal.Tests.Exchange.Plans;

namespace Shoal.Tests.Exchange;

/// <summary>Plans for swarms in which some cannot reach each other.</summary>
public sealed class PlanWallTests
{
    private const int ChunksEach = 3000;

    [Fact]
    public void What_two_cannot_give_each_other_goes_by_the_third()
    {
        DistributionPlan plan = Plan([(100, 600), (100, 600), (100, 0)], (0, 1));

        foreach (int chunk in Enumerable.Range(0, 100))
        {
            Assert.Equal(Peer(2), plan.SourceFor(Peer(0), Chunk(chunk), Peer(1)));
            Assert.Equal(Peer(2), plan.SourceFor(Peer(1), Chunk(chunk), Peer(0)));
            Assert.Equal(Peer(0), plan.SourceFor(Peer(2), Chunk(chunk), Peer(0)));
            Assert.True(plan.IsForwarder(Peer(2), Chunk(chunk), Peer(0)));
        }

        Assert.True(plan.HasWall(Peer(0), Peer(1)) && plan.HasWall(Peer(1), Peer(0)));
        Assert.False(plan.HasWall(Peer(0), Peer(2)));
    }

    [Fact]
    public void Where_nobody_can_help_any_holder_will_do()
    {
        DistributionPlan plan = Plan([(100, 600), (100, 600), (100, 600), (100, 0)], (0, 1), (0, 2), (0, 3));

        Assert.Null(plan.SourceFor(Peer(1), Chunk(0), Peer(0)));
        Assert.Null(plan.SourceFor(Peer(0), Chunk(0), Peer(1)));
        Assert.NotNull(plan.SourceFor(Peer(1), Chunk(0), Peer(2)));
    }

    [Fact]
    public void A_swarm_in_which_nobody_reaches_anybody_has_the_plan_of_one_in_which_all_do()
    {
        (double, double)[] peers = [(100, 600), (50, 600), (25, 0)];
        DistributionPlan none = Plan(peers, (0, 1), (0, 2), (1, 2));

        Assert.Empty(none.Rows);
        Assert.Equal(3, none.Walls.Length);
        Assert.Equal(Plan(peers).Shares, none.Shares);
    }

    [Fact]
    public void Every_chunk_has_a_way_without_walls_to_everybody_whom_a_third_peer_can_help()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new DeterministicRandom(seed);
            int count = 3 + random.Next(8);
            (double, double)[] peers =
            [
                .. Enumerable.Range(0, count).Select(_ => ((double)(1 + random.Next(100)), (double)random.Next(1000))),
            ];
            (int, int)[] walls = Walls(random, count, oneIn: 2 + random.Next(6));
            DistributionPlan plan = Plan(peers, walls);
            var reach = new PlanReach(count, false, [.. walls.Select(wall => new PlanWall(wall.Item1, wall.Item2))]);
            if (!reach.IsMixed)
            {
                continue;
            }

            for (int owner = 0; owner < count; owner++)
            {
                for (int receiver = 0; receiver < count; receiver++)
                {
                    for (int chunk = 0; chunk < 20 && owner != receiver && peers[owner].Item2 > 0; chunk++)
                    {
                        CheckWay(plan, reach, Chunk(chunk, (ulong)owner), owner, receiver, $"random seed {seed}");
                    }
                }
            }
        }
    }

    [Fact]
    public void No_two_hops_around_walls_would_be_faster()
    {
        int checkedPlans = 0;
        for (ulong seed = 1; seed <= 150; seed++)
        {
            var random = new DeterministicRandom(seed);
            int count = 3 + random.Next(5);
            (double Up, double Owned)[] peers =
            [
                .. Enumerable.Range(0, count).Select(_ =>
                    ((double)(1 + random.Next(20)), random.Next(3) == 0 ? 0 : (double)(1000 + random.Next(9000)))),
            ];
            (int, int)[] walls = Walls(random, count, oneIn: 8);
            DistributionPlan plan = Plan(peers, walls);
            var reach = new PlanReach(count, false, [.. walls.Select(wall => new PlanWall(wall.Item1, wall.Item2))]);
            double best = BruteForce(peers, reach);
            if (!reach.IsMixed || double.IsInfinity(best))
            {
                continue;
            }

            // Chunks are whole: they fall to distributors as evenly as they can.
            double seconds = UploadSeconds(plan, peers);
            Assert.True(seconds <= best * 1.02, $"random seed {seed}: {seconds} s, and {best} s could do");
            checkedPlans++;
        }

        Assert.InRange(checkedPlans, 50, 150);
    }

    [Fact]
    public void An_owner_behind_a_slow_uplink_uploads_its_bytes_once_though_it_reaches_only_one()
    {
        (double Up, double Owned)[] peers = [(1, 1000), (100, 0), (100, 0), (100, 0)];
        DistributionPlan plan = Plan(peers, (0, 2), (0, 3));

        // Only peer 1 can be its distributor.
        Assert.Equal([0, 1000, 0, 0], plan.Rows.Single().Shares.Select(Math.Round));
        Assert.Equal(1000, UploadSeconds(plan, peers), 1.0);
    }

    [Fact]
    public void A_hub_that_lends_its_uplink_distributes_for_those_who_cannot_meet()
    {
        PlanInput[] inputs =
        [
            new(Peer(0), 10, 1000, 0, Unreachable: [Peer(1)]), new(Peer(1), 10, 1000, 0), new(Peer(2), 10, 0, 0),
            new(Peer(3), 10, 0, 0), new(PeerId.Relay, 500, 0, 0),
        ];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, 1);

        Assert.InRange(plan.Rows[0].Shares[4], 800, 1000);
    }

    [Fact]
    public void Walls_and_rows_that_make_no_plan_are_refused()
    {
        ImmutableArray<double> row = [1, 0, 0];
        Assert.True(DistributionPlan.AreValid(0, 3, [new PlanWall(0, 2)], [new PlanRow(1, row)]));
        Assert.True(DistributionPlan.AreValid(2, 3, [new PlanWall(0, 2)], []));
        Assert.False(DistributionPlan.AreValid(2, 3, [new PlanWall(0, 2)], [new PlanRow(1, row)]));
        Assert.False(DistributionPlan.AreValid(2, 200, [.. Enumerable.Range(1, DistributionPlan.MostWalls + 1)
            .Select(i => new PlanWall(0, (i % 199) + 1))], []));
        Assert.False(DistributionPlan.AreValid(0, 3, [new PlanWall(2, 2)], []));
        Assert.False(DistributionPlan.AreValid(0, 3, [new PlanWall(0, 3)], []));
        Assert.False(DistributionPlan.AreValid(0, 3, [], [new PlanRow(3, row)]));
        Assert.False(DistributionPlan.AreValid(0, 3, [], [new PlanRow(0, row), new PlanRow(0, row)]));
        Assert.False(DistributionPlan.AreValid(0, 3, [], [new PlanRow(0, [0, 0, 0])]));
        Assert.False(DistributionPlan.AreValid(0, 3, [], [new PlanRow(0, [1, double.NaN, 0])]));
        Assert.False(DistributionPlan.AreValid(0, 3, [], [new PlanRow(0, [1, 0])]));
        Assert.False(DistributionPlan.AreValid(0, 100, [new PlanWall(0, 2)], []));
    }

    private static DistributionPlan Plan((double Up, double Owned)[] peers, params (int One, int Other)[] walls) =>
        DistributionPlanner.Compute(1,
        [
            .. peers.Select((peer, i) => new PlanInput(Peer(i), peer.Up, peer.Owned, 0, Unreachable:
                [.. walls.Where(wall => wall.One == i).Select(wall => Peer(wall.Other))])),
        ], 1);

    private static (int, int)[] Walls(DeterministicRandom random, int count, int oneIn) =>
    [
        .. from one in Enumerable.Range(0, count)
           from other in Enumerable.Range(one + 1, count - one - 1)
           where random.Next(oneIn) == 0
           select (one, other),
    ];

    private static void CheckWay(
        DistributionPlan plan, PlanReach reach, ChunkRef chunk, int owner, int receiver, string which)
    {
        int at = receiver;
        for (int hops = 0; at != owner; hops++)
        {
            Assert.True(hops < 3, $"{which}: a way of more than three hops from {owner} to {receiver}");
            if (plan.SourceFor(Peer(at), chunk, Peer(owner)) is not { } source)
            {
                Assert.True(at == receiver && reach.BridgesOf(-1, owner, receiver) == 0
                    && !reach.Reaches(owner, receiver), $"{which}: nobody brings {receiver} what {owner} has");
                return;
            }

            Assert.True(reach.Reaches(at, IndexOf(source)), $"{which}: a wall between {at} and {source}");
            Assert.True(IndexOf(source) == owner || plan.IsForwarder(source, chunk, Peer(owner)), which);
            at = IndexOf(source);
        }
    }

    /// <summary>The longest time that anybody uploads, chunk by chunk.</summary>
    private static double UploadSeconds(DistributionPlan plan, (double Up, double Owned)[] peers)
    {
        var uploads = new double[peers.Length];
        for (int owner = 0; owner < peers.Length; owner++)
        {
            for (int chunk = 0; chunk < ChunksEach && peers[owner].Owned > 0; chunk++)
            {
                for (int receiver = 0; receiver < peers.Length; receiver++)
                {
                    if (receiver != owner)
                    {
                        PeerId? source = plan.SourceFor(Peer(receiver), Chunk(chunk, (ulong)owner), Peer(owner));
                        uploads[source is { } id ? IndexOf(id) : owner] += peers[owner].Owned / ChunksEach;
                    }
                }
            }
        }

        return uploads.Select((bytes, i) => bytes / peers[i].Up).Max();
    }

    /// <summary>
    /// The least time of two hops with distributors that reach all, by Hall's condition: for every set of owners, those
    /// who may distribute for one of them have room for the bytes of all of them.
    /// </summary>
    private static double BruteForce((double Up, double Owned)[] peers, PlanReach reach)
    {
        int count = peers.Length;
        double most = peers.Max(peer => peer.Owned / peer.Up);
        for (int owners = 1; owners < 1 << count; owners++)
        {
            double bytes = Enumerable.Range(0, count).Where(i => (owners >> i & 1) == 1).Sum(i => peers[i].Owned);
            int[] allowed =
            [
                .. Enumerable.Range(0, count).Where(distributor => Enumerable.Range(0, count).Any(owner =>
                    (owners >> owner & 1) == 1 && peers[owner].Owned > 0 && Reaches(owner, distributor))),
            ];
            if (bytes == 0)
            {
                continue;
            }

            double low = 0;
            double high = 1e9;
            for (int i = 0; i < 100; i++)
            {
                double middle = (low + high) / 2;
                double room = allowed.Sum(i =>
                    Math.Max(0, (peers[i].Up * middle) - peers[i].Owned) / (count - 2));
                (low, high) = room < bytes ? (middle, high) : (low, middle);
            }

            most = Math.Max(most, allowed.Length == 0 ? double.PositiveInfinity : high);
        }

        return most;

        bool Reaches(int owner, int distributor) => Enumerable.Range(0, count).All(peer =>
            peer == distributor || (peer == owner && owner == distributor) || reach.Reaches(distributor, peer));
    }
}
