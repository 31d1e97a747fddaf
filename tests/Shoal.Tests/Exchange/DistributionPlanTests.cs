using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using static Shoal.Tests.Exchange.Plans;

namespace Shoal.Tests.Exchange;

public sealed class DistributionPlanTests
{
    [Fact]
    public void SourceFor_TwoHops_AllPeersAgreeOnTheDistributor()
    {
        for (ulong randomSeed = 1; randomSeed <= 100; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            int peers = 1 + random.Next(20);
            DistributionPlan plan = RandomPlan(random, peers);
            ChunkRef chunk = Chunk(random.Next(1 << 22), random.Next());
            PeerId? owner = random.Next(3) == 0 ? null : Peer(random.Next(peers));
            PeerId?[] sources =
                [.. Enumerable.Range(0, peers).Select(i => plan.SourceFor(Peer(i), chunk, owner))];

            // A stranger who is not in the plan (yet) asks the distributor; a copy from the wire says the
            // same.
            PeerId? distributor = plan.SourceFor(Peer(peers), chunk, owner);
            var copy = new DistributionPlan(plan.Epoch, 0, plan.Shares);
            for (int i = 0; i < peers; i++)
            {
                PeerId? expected = Peer(i) == owner ? null : Peer(i) == distributor ? owner : distributor;
                Assert.Equal(expected, sources[i]);
                Assert.Equal(expected, copy.SourceFor(Peer(i), chunk, owner));
                bool isForwarder = Peer(i) == distributor && Peer(i) != owner;
                Assert.Equal(isForwarder, plan.IsForwarder(Peer(i), chunk, owner));
            }
        }
    }

    [Fact]
    public void SourceFor_TwoHops_EveryPrefixIsBalanced()
    {
        for (ulong randomSeed = 1; randomSeed <= 20; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            int peers = 2 + random.Next(10);
            DistributionPlan plan = RandomPlan(random, peers);
            int owner = random.Next(peers);
            double[] weights = Weights(plan, owner);
            var counts = new int[peers];
            for (int chunk = 0; chunk < 2000; chunk++)
            {
                counts[IndexOf(plan.SourceFor(Peer(peers), Chunk(chunk, randomSeed), Peer(owner))!.Value)]++;
                for (int i = 0; i < peers; i++)
                {
                    // The discrepancy of the golden ratio's multiples grows with the logarithm of their
                    // number.
                    Assert.True(
                        Math.Abs(counts[i] - ((chunk + 1) * weights[i])) <= 2 + Math.Log2(chunk + 1) / 3,
                        $"{counts[i]} of {chunk + 1}, weight {weights[i]}, random seed {randomSeed}");
                }
            }
        }
    }

    [Fact]
    public void SourceFor_ManyContentsOfOneChunk_IsBalanced()
    {
        var plan = new DistributionPlan(1, 0, [Share(0, 100, 20), Share(1, 0, 30), Share(2, 0, 50)]);
        var counts = new int[3];
        for (ulong content = 0; content < 10_000; content++)
        {
            counts[IndexOf(plan.SourceFor(Peer(3), Chunk(0, content), Peer(0))!.Value)]++;
        }

        Assert.Equal(2000, counts[0], 150.0);
        Assert.Equal(3000, counts[1], 150.0);
        Assert.Equal(5000, counts[2], 150.0);
    }

    [Fact]
    public void SourceFor_WeightsChangeLittle_FewChunksMove()
    {
        PeerId?[] before = Sources(20, 30, 25, 25);
        PeerId?[] after = Sources(21, 29, 26, 24);
        int moved = before.Zip(after).Count(pair => pair.First != pair.Second);
        Assert.InRange(moved, 1, 50);

        static PeerId?[] Sources(params double[] shares)
        {
            var plan = new DistributionPlan(
                1, 0, [.. shares.Select((share, i) => Share(i, i == 0 ? 100 : 0, share))]);
            return [.. Enumerable.Range(0, 1000).Select(i => plan.SourceFor(Peer(9), Chunk(i), Peer(0)))];
        }
    }

    [Fact]
    public void SourceFor_OwnerUnknownOrGone_TakesTheOverallShares()
    {
        var plan = new DistributionPlan(1, 0, [Share(0, 100, 25), Share(1, 0, 75), Share(2, 0, 0)]);
        for (int chunk = 0; chunk < 100; chunk++)
        {
            PeerId? any = plan.SourceFor(Peer(2), Chunk(chunk), null);
            Assert.Equal(any, plan.SourceFor(Peer(2), Chunk(chunk), Peer(7)));
            Assert.Null(plan.SourceFor(any!.Value, Chunk(chunk), null));
            Assert.True(plan.IsForwarder(any.Value, Chunk(chunk), null));
        }

        var idle = new DistributionPlan(1, 0, [Share(0, 0, 0), Share(1, 0, 0), Share(2, 0, 0)]);
        Assert.Null(idle.SourceFor(Peer(1), Chunk(0), null));
        Assert.Equal(Peer(0), idle.SourceFor(Peer(1), Chunk(0), Peer(0)));
    }

    [Fact]
    public void NeighboursOf_FullMesh_IsEverybodyElse()
    {
        DistributionPlan plan = RandomPlan(new DeterministicRandom(1), DistributionPlan.MeshLimit);
        Assert.Equal(DistributionPlan.MeshLimit - 1, plan.NeighboursOf(Peer(5)).Count);
        Assert.DoesNotContain(Peer(5), plan.NeighboursOf(Peer(5)));
        Assert.Equal(DistributionPlan.MeshLimit, plan.NeighboursOf(Peer(100)).Count);
    }

    [Fact]
    public void IsValid_BadNumbersFromOutside_IsFalse()
    {
        ImmutableArray<PlanShare> good = [Share(0, 1, 2)];
        Assert.True(DistributionPlan.IsValid(DistributionPlan.MostTrees, good));
        Assert.False(DistributionPlan.IsValid(-1, good));
        Assert.False(DistributionPlan.IsValid(DistributionPlan.MostTrees + 1, good));
        Assert.False(DistributionPlan.IsValid(0, default));
        Assert.False(DistributionPlan.IsValid(0, good.Add(good[0])));
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Assert.False(DistributionPlan.IsValid(0, [Share(0, bad, 1)]));
            Assert.False(DistributionPlan.IsValid(0, [Share(0, 1, bad)]));
        }

        Assert.Throws<ArgumentException>(() => new DistributionPlan(1, 0, good.Add(good[0])));
    }

    private static PlanShare Share(int peer, double owned, double share) => new(Peer(peer), owned, share);

    private static DistributionPlan RandomPlan(DeterministicRandom random, int peers) => new(
        1, 0, [.. Enumerable.Range(0, peers).Select(i => Share(i, random.Next(100), 1 + random.Next(100)))]);

    /// <summary>What the owner keeps, and the rest in proportion to the others' deficits.</summary>
    private static double[] Weights(DistributionPlan plan, int owner)
    {
        PlanShare own = plan.Shares[owner];
        double kept = own.OwnedBytes > 0 ? Math.Min(1, own.ShareBytes / own.OwnedBytes) : 0;
        double[] deficits =
        [
            .. plan.Shares.Select((share, i) =>
                i == owner ? 0 : Math.Max(0, share.ShareBytes - share.OwnedBytes)),
        ];
        double total = deficits.Sum();
        return total == 0
            ? [.. deficits.Select((_, i) => i == owner ? 1.0 : 0)]
            : [.. deficits.Select((deficit, i) => i == owner ? kept : (1 - kept) * deficit / total)];
    }
}
