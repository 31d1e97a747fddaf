using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using static Shoal.Tests.Exchange.Plans;
using static Shoal.Tests.Exchange.Shapes;

namespace Shoal.Tests.Exchange;

public sealed class DistributionPlannerTests
{
    private const double ChunkBytes = 256 * 1024;

    [Fact]
    public void Compute_RandomCapacities_MeetsTheFirstAndThirdTermOfTheBound()
    {
        for (ulong randomSeed = 1; randomSeed <= 300; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            PlanInput[] inputs =
            [
                .. Enumerable.Range(0, 2 + random.Next(40)).Select(i => new PlanInput(
                    Peer(i), 1 + random.Next(1000), random.Next(3) == 0 ? 0 : random.Next(100_000),
                    random.Next(4) == 0 ? random.Next(100_000) : 0)),
            ];
            double bytes = inputs.Sum(input => input.SoleBytes);
            if (bytes == 0)
            {
                continue;
            }

            double waiting = inputs.Sum(input => input.CommittedBytes) + ((inputs.Length - 1) * bytes);
            double bound = Math.Max(
                inputs.Max(input => (input.SoleBytes + input.CommittedBytes) / input.Up!.Value),
                LeastLevel(inputs, bytes));
            DistributionPlan plan = DistributionPlanner.Compute(7, inputs, chunkBytes: 0);
            string world = $"random seed {randomSeed}";
            Assert.Equal((7, 0), (plan.Epoch, plan.TreeCount));
            Assert.True(LoadSeconds(plan, inputs) <= bound * (1 + 1e-6), world);
            Assert.Equal(bytes, plan.Shares.Sum(share => share.ShareBytes), bytes * 1e-6);
            Assert.Equal(
                inputs.Select(input => input.SoleBytes), plan.Shares.Select(share => share.OwnedBytes));
            if (inputs.All(input => input.CommittedBytes == 0))
            {
                double third = waiting / inputs.Sum(input => input.Up!.Value);
                double first = inputs.Max(input => input.SoleBytes / input.Up!.Value);
                Assert.True(LoadSeconds(plan, inputs) <= Math.Max(first, third) * (1 + 1e-6), world);
            }
        }
    }

    [Fact]
    public void Compute_EqualPeers_PullDirectly()
    {
        foreach (int peers in new[] { 2, 3, 4, 16, 64 })
        {
            PlanInput[] inputs = Inputs(Equal(peers, 100));
            DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
            Assert.Equal(0, plan.TreeCount);
            Assert.All(plan.Shares, share => Assert.Equal(share.OwnedBytes, share.ShareBytes));
            Assert.All(
                Enumerable.Range(0, 50),
                chunk => Assert.Equal(Peer(1), plan.SourceFor(Peer(0), Chunk(chunk), Peer(1))));
        }
    }

    [Fact]
    public void Compute_OneSlowUplink_SendsItsOwnBytesOnceAndNothingElse()
    {
        SwarmShape shape = Equal(4, 500).WithUp(10, 2);
        PlanInput[] inputs = Inputs(shape);
        double bound = MakespanBound.Of(shape).Seconds;
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes, bound);
        Assert.Equal(0, plan.Shares[2].ShareBytes);
        Assert.All([0, 1, 3], i => Assert.Equal(2000 * MB / 3, plan.Shares[i].ShareBytes, MB / 1000));
        Assert.Equal(400, LoadSeconds(plan, inputs), 1e-3);
    }

    [Theory]
    [InlineData(200.0)]
    [InlineData(600.0)]
    public void Compute_SixteenPeers_MeetsTheWorkedRows(double seconds)
    {
        SwarmShape shape = seconds == 200
            ? Equal(16, 100).WithUp(20, 0, 1, 2, 3, 4, 5, 6, 7)
            : Equal(16, 100, up: 20);
        PlanInput[] inputs = Inputs(shape);
        double bound = MakespanBound.Of(shape).Seconds;
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes, bound);
        Assert.Equal(0, plan.TreeCount);
        Assert.Equal(seconds, LoadSeconds(plan, inputs), seconds * 1e-6);
    }

    [Fact]
    public void Compute_UnequalSizes_LeavesRoomBelowTheWholeBound()
    {
        SwarmShape shape = AllToAll([1000, 500, 250, 100, 50, 50, 25, 25], 100, 100);
        PlanInput[] inputs = Inputs(shape);
        DistributionPlan tight = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.Equal(140, LoadSeconds(tight, inputs), 1e-3);
        DistributionPlan eased = DistributionPlanner.Compute(1, inputs, ChunkBytes, 158);
        Assert.Equal(149, LoadSeconds(eased, inputs), 1e-3);
        Assert.True(eased.Shares[0].ShareBytes > tight.Shares[0].ShareBytes);
        Assert.Equal(25 * MB, eased.Shares[7].OwnedBytes);
        Assert.True(eased.Shares[7].ShareBytes >= 25 * MB);
    }

    [Fact]
    public void Compute_OneSource_GivesItNoShare()
    {
        PlanInput[] inputs = Inputs(OneSource(4, 1000, 100, 100));
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.Equal(0, plan.Shares[0].ShareBytes);
        Assert.All(plan.Shares.RemoveAt(0), share => Assert.Equal(250 * MB, share.ShareBytes, 1));
    }

    [Fact]
    public void Compute_NoCapacityKnown_SpreadsSoThatNoOwnerDistributesItsOwn()
    {
        PlanInput[] inputs = [.. Inputs(Equal(4, 500)).Select(input => input with { Up = null })];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        var counts = new int[4];
        for (int i = 0; i < 3000; i++)
        {
            PeerId source = plan.SourceFor(Peer(0), Chunk(i), Peer(1))!.Value;
            counts[source == Peer(1) ? 0 : IndexOf(source)]++;
        }

        // Peer 0 gets from peer 1 what it hands on itself, and the rest from peers 2 and 3.
        Assert.Equal([1000, 0, 1000, 1000], counts.Select(count => (int)Math.Round(count / 20.0) * 20));
        PlanInput[] two = [.. Inputs(Equal(2, 500)).Select(input => input with { Up = null })];
        plan = DistributionPlanner.Compute(1, two, ChunkBytes);
        Assert.Equal(Peer(1), plan.SourceFor(Peer(0), Chunk(1), Peer(1)));
    }

    [Fact]
    public void Compute_SomeCapacitiesKnown_TakesTheirMedianForTheRest()
    {
        double?[] ups = [10 * Mbit, 100 * Mbit, 200 * Mbit, null, 0];
        PlanInput[] inputs = [.. ups.Select((up, i) => new PlanInput(Peer(i), up, 100 * MB, 0))];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.Equal(plan.Shares[1].ShareBytes, plan.Shares[3].ShareBytes, 1);
        Assert.Equal(plan.Shares[1].ShareBytes, plan.Shares[4].ShareBytes, 1);
        Assert.True(plan.Shares[0].ShareBytes < plan.Shares[1].ShareBytes);
        Assert.True(plan.Shares[2].ShareBytes > plan.Shares[1].ShareBytes);
    }

    [Fact]
    public void Compute_UnlimitedUplink_TakesTheWork()
    {
        PlanInput[] inputs = Inputs(Equal(4, 100));
        inputs[3] = inputs[3] with { Up = double.PositiveInfinity };
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.True(plan.Shares[3].ShareBytes > 395 * MB);
        inputs = [.. inputs.Select(input => input with { Up = double.PositiveInfinity })];
        plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.All(plan.Shares, share => Assert.Equal(share.OwnedBytes, share.ShareBytes));
    }

    [Fact]
    public void Compute_CommittedWork_GetsLessNewWork()
    {
        PlanInput[] inputs = Inputs(Equal(4, 100));
        inputs[0] = inputs[0] with { CommittedBytes = 100 * MB };
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        Assert.Equal(400 * MB, plan.Shares.Sum(share => share.ShareBytes), 1);
        Assert.Equal(325, LoadSeconds(plan, inputs) * 100 * Mbit / MB, 1e-3);
        Assert.Equal(62.5 * MB, plan.Shares[0].ShareBytes, 1);
    }

    [Fact]
    public void Compute_NothingSoleLeft_SharesByCapacity()
    {
        int[] ups = [10, 20, 70];
        PlanInput[] inputs = [.. ups.Select((up, i) => new PlanInput(Peer(i), up, 0, 5 * MB))];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);
        double total = plan.Shares.Sum(share => share.ShareBytes);
        Assert.Equal([0.1, 0.2, 0.7], plan.Shares.Select(share => Math.Round(share.ShareBytes / total, 6)));
    }

    [Fact]
    public void Compute_FewPeersOrNone_HasASharePerPeer()
    {
        Assert.Empty(DistributionPlanner.Compute(1, [], ChunkBytes).Shares);
        Assert.Null(DistributionPlanner.Compute(1, [], ChunkBytes).SourceFor(Peer(0), Chunk(0), Peer(1)));
        PlanInput[] one = [new PlanInput(Peer(0), null, 5, 0)];
        Assert.Single(DistributionPlanner.Compute(1, one, ChunkBytes).Shares);
    }

    [Fact]
    public void Compute_ManyPeersOrShortRuns_ChoosesTreesWhereTheyAreFaster()
    {
        Assert.NotEqual(0, Trees(Equal(65, 100)));
        Assert.NotEqual(0, Trees(OneSource(60, 10, 100, 100)));
        Assert.Equal(0, Trees(OneSource(60, 2000, 100, 100)));
        Assert.Equal(0, Trees(OneSource(6, 1, 100, 100)));

        static int Trees(SwarmShape shape) =>
            DistributionPlanner.Compute(1, Inputs(shape), ChunkBytes).TreeCount;
    }

    [Fact]
    public void Compute_TreesThatStillDo_AreLeftAlone()
    {
        PlanInput[] inputs = [.. Inputs(OneSource(99, 100, 100, 100)).Select(Measured)];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, ChunkBytes);

        // Rough measurements and a swarm that has gone half the way ask for no other shape.
        PlanInput[] rough =
        [
            .. inputs.Select((input, i) =>
                input with { Up = (60 + (i * 7 % 90)) * Mbit, SoleBytes = input.SoleBytes / 2 }),
        ];
        Assert.Same(plan, DistributionPlanner.Compute(2, rough, ChunkBytes, previous: plan));

        // Uplinks far below the others do, also when they are measured, and so does another peer.
        PlanInput[] slow =
            [.. rough.Select((input, i) => i is > 10 and < 30 ? input with { Up = 10 * Mbit } : input)];
        DistributionPlan other = DistributionPlanner.Compute(2, slow, ChunkBytes, previous: plan);
        Assert.Equal((2, plan.TreeCount), (other.Epoch, other.TreeCount));
        Assert.All(Enumerable.Range(11, 19), i => Assert.Equal(0, other.Shares[i].ShareBytes));
        PlanInput[] more = [.. inputs, new PlanInput(Peer(200), null, 0, 0)];
        Assert.Equal(101, DistributionPlanner.Compute(2, more, ChunkBytes, previous: plan).Shares.Length);

        static PlanInput Measured(PlanInput input) => input with { IsMeasured = true };
    }

    [Fact]
    public void Compute_PreviousPlan_DecidesBetweenHopsAndTrees()
    {
        // 60 peers begin with two hops; when little is left, two hops take more than 1 % of the rest.
        PlanInput[] start = Inputs(OneSource(60, 2000, 100, 100));
        PlanInput[] late = Inputs(OneSource(60, 20, 100, 100));
        DistributionPlan hops = DistributionPlanner.Compute(1, start, ChunkBytes);
        Assert.Equal(0, DistributionPlanner.Compute(2, late, ChunkBytes, previous: hops).TreeCount);
        DistributionPlan trees = DistributionPlanner.Compute(1, late, ChunkBytes);
        Assert.NotEqual(0, trees.TreeCount);
        DistributionPlan next = DistributionPlanner.Compute(2, start, ChunkBytes, previous: trees);
        Assert.Equal(trees.TreeCount, next.TreeCount);
    }

    /// <summary>
    /// The least time in which the spare uploads of all add up to N - 2 copies of all bytes.
    /// </summary>
    private static double LeastLevel(PlanInput[] inputs, double bytes)
    {
        // Adds peers in the order in which they become free until the next one would be free too late.
        ImmutableArray<PlanInput> order =
            [.. inputs.OrderBy(input => (input.SoleBytes + input.CommittedBytes) / input.Up!.Value)];
        double up = 0;
        double work = (inputs.Length - 2) * bytes;
        double level = double.PositiveInfinity;
        foreach (PlanInput input in order)
        {
            double waiting = input.SoleBytes + input.CommittedBytes;
            if (waiting / input.Up!.Value >= level)
            {
                break;
            }

            up += input.Up.Value;
            work += waiting;
            level = work / up;
        }

        return level;
    }
}
