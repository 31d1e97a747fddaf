using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using static Shoal.Tests.Exchange.Plans;
using static Shoal.Tests.Exchange.Shapes;

namespace Shoal.Tests.Exchange;

public sealed class PlanForestTests
{
    [Fact]
    public void SourceFor_Trees_LeadsEveryPeerToTheOwnerOverNeighbours()
    {
        for (ulong randomSeed = 1; randomSeed <= 12; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            DistributionPlan plan = DistributionPlanner.Compute(1, RandomInputs(random, out int peers), 1000);
            HashSet<PeerId>[] neighbours =
                [.. Enumerable.Range(0, peers).Select(i => plan.NeighboursOf(Peer(i)).ToHashSet())];
            int owner = random.Next(peers);
            for (int chunk = 0; chunk < plan.TreeCount; chunk++)
            {
                for (int i = 0; i < peers; i++)
                {
                    int steps = StepsToOwner(plan, i, owner, chunk, neighbours);
                    Assert.True(steps <= peers, $"random seed {randomSeed}");
                }
            }

            for (int i = 0; i < peers; i++)
            {
                Assert.DoesNotContain(Peer(i), neighbours[i]);
                Assert.All(neighbours[i], other => Assert.Contains(Peer(i), neighbours[IndexOf(other)]));
            }
        }
    }

    [Fact]
    public void Compute_Trees_NoPeerUploadsMoreThanThePlannedTimeAllows()
    {
        for (ulong randomSeed = 1; randomSeed <= 12; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            PlanInput[] inputs = RandomInputs(random, out int peers);
            DistributionPlan plan = DistributionPlanner.Compute(1, inputs, 1000);
            var sends = Sends(plan, inputs);
            double slowest = inputs.Select((input, i) => sends[i] / input.Up!.Value).Max();
            double total = inputs.Sum(input => input.SoleBytes);
            double fluid = Math.Max(
                inputs.Max(input => input.SoleBytes / input.Up!.Value),
                (peers - 1) * total / inputs.Sum(input => input.Up!.Value));

            // Whole slots cost up to one of a handful.
            Assert.True(slowest <= fluid * 1.2, $"{slowest} against {fluid}, random seed {randomSeed}");
            Assert.Equal((peers - 1) * total, sends.Sum(), total);
        }
    }

    [Fact]
    public void Trees_grow_around_walls_and_everybody_hands_on_as_often_as_before()
    {
        for (ulong randomSeed = 1; randomSeed <= 12; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            int peers = 70 + random.Next(60);
            PlanInput[] inputs =
            [
                .. Enumerable.Range(0, peers).Select(i => new PlanInput(
                    Peer(i), (random.Next(4) + 1) * 25 * Mbit, random.Next(3) == 0 ? 10 * MB : 0, 0, Unreachable: [])),
            ];
            DistributionPlan open = DistributionPlanner.Compute(1, inputs, 256 * 1024);

            // As in a run: walls are found between those who have tried, until nobody meets one.
            var walls = new HashSet<(int, int)>();
            for (int i = 0; i < peers * peers / 10; i++)
            {
                walls.Add((random.Next(peers), random.Next(peers)));
            }

            bool HasWall(int one, int other) =>
                one != other && (walls.Contains((one, other)) || walls.Contains((other, one)));
            DistributionPlan plan = open;
            for (int round = 0; round < 20; round++)
            {
                for (int i = 0; i < peers; i++)
                {
                    var met = plan.NeighboursOf(Peer(i)).Where(other => HasWall(i, IndexOf(other)));
                    inputs[i] = inputs[i] with { Unreachable = [.. inputs[i].Unreachable.Union(met)] };
                }

                plan = DistributionPlanner.Compute(round + 2, inputs, 256 * 1024, previous: plan);
            }

            Assert.Equal(open.TreeCount, plan.TreeCount);
            for (int i = 0; i < peers; i++)
            {
                Assert.DoesNotContain(plan.NeighboursOf(Peer(i)), other => HasWall(i, IndexOf(other)));
            }

            Assert.Equal(Sends(open, inputs), Sends(plan, inputs));
        }
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(100, 100)]
    [InlineData(200, 20)]
    public void NeighboursOf_EqualPeers_IsTenToSixteen(int peers, int owners)
    {
        PlanInput[] inputs =
        [
            .. Enumerable.Range(0, peers).Select(i =>
                new PlanInput(Peer(i), 100 * Mbit, i < owners ? 100 * MB : 0, 0)),
        ];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, 256 * 1024);
        int[] counts = [.. Enumerable.Range(0, peers).Select(i => plan.NeighboursOf(Peer(i)).Count)];
        Assert.True(counts.Max() <= 16, $"{counts.Max()} neighbours");
        Assert.InRange(counts.Average(), 8, 16);
        Assert.True(counts.Min() >= 2, $"{counts.Min()} neighbours");
    }

    [Fact]
    public void NeighboursOf_FewStrongPeers_MayHaveMore()
    {
        PlanInput[] inputs =
        [
            .. Enumerable.Range(0, 200).Select(i =>
                new PlanInput(Peer(i), i % 10 == 0 ? 1000 : 1, i == 0 ? 1e6 : 0, 0)),
        ];
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, 1);
        int[] counts = [.. Enumerable.Range(0, 200).Select(i => plan.NeighboursOf(Peer(i)).Count)];
        Assert.All(Enumerable.Range(0, 200).Where(i => i % 10 != 0), i => Assert.InRange(counts[i], 1, 8));
        Assert.InRange(counts.Max(), 17, 120);
    }

    [Fact]
    public void Compute_OneSourceThousandReceivers_StaysWithinATenthOfTheChunkedBound()
    {
        const int Receivers = 1000;
        const int Chunks = 250;
        PlanInput[] inputs = Inputs(OneSource(Receivers, 1000, 100, 100));
        DistributionPlan plan = DistributionPlanner.Compute(1, inputs, 4 * MB);
        double[] sends = Sends(plan, inputs);
        Assert.Equal(1000 * MB, sends[0], 1);
        Assert.True(sends.Max() <= 1000 * MB * 1.0001, "an uplink has more to send than the source");

        double bound = MakespanBound.OneSourceChunked(new EqualChunks(Chunks, 1), Receivers, 1);
        double makespan = SlotsToSpread(plan, Chunks);
        Assert.InRange(makespan, bound, bound * 1.10);
    }

    [Fact]
    public void SourceFor_Trees_KnowsNothingOfStrangers()
    {
        DistributionPlan plan = DistributionPlanner.Compute(1, Inputs(Equal(70, 1)), 256 * 1024);
        Assert.Null(plan.SourceFor(Peer(70), Chunk(0), Peer(1)));
        Assert.False(plan.IsForwarder(Peer(70), Chunk(0), Peer(1)));
        Assert.Empty(plan.NeighboursOf(Peer(70)));

        // With no owner one peer, the root, asks anybody and the others their parents.
        PeerId?[] sources = [.. Enumerable.Range(0, 70).Select(i => plan.SourceFor(Peer(i), Chunk(0), null))];
        Assert.Single(sources, source => source is null);
        PeerId?[] gone =
            [.. Enumerable.Range(0, 70).Select(i => plan.SourceFor(Peer(i), Chunk(0), Peer(70)))];
        Assert.Equal(sources, gone);
    }

    [Fact]
    public void Plan_FromAnySharesAndTrees_ReachesEverybody()
    {
        // Shares that no planner of ours would choose, in swarms from one peer on.
        for (ulong randomSeed = 1; randomSeed <= 200; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            int peers = 1 + random.Next(30);
            var plan = new DistributionPlan(
                1, 1 + random.Next(DistributionPlan.MostTrees),
                [
                    .. Enumerable.Range(0, peers).Select(i => new PlanShare(
                        Peer(i), random.Next(4) * random.NextDouble(), random.Next(4) * random.NextDouble())),
                ]);
            int owner = random.Next(peers);
            int chunk = random.Next(100);
            for (int i = 0; i < peers; i++)
            {
                Assert.True(StepsToOwner(plan, i, owner, chunk, null) < peers, $"random seed {randomSeed}");
            }
        }
    }

    private static PlanInput[] RandomInputs(DeterministicRandom random, out int peers)
    {
        peers = DistributionPlan.MeshLimit + 1 + random.Next(100);
        bool hasManyOwners = random.Next(2) == 0;
        return
        [
            .. Enumerable.Range(0, peers).Select(i => new PlanInput(
                Peer(i), 50 + random.Next(100), i == 0 || hasManyOwners ? 1000 + random.Next(1000) : 0, 0)),
        ];
    }

    private static int StepsToOwner(
        DistributionPlan plan, int peer, int owner, int chunk, HashSet<PeerId>[]? neighbours)
    {
        int steps = 0;
        PeerId at = Peer(peer);
        while (at != Peer(owner) && steps <= plan.Shares.Length)
        {
            PeerId next = plan.SourceFor(at, Chunk(chunk), Peer(owner))!.Value;
            Assert.True(next == Peer(owner) || plan.IsForwarder(next, Chunk(chunk), Peer(owner)));
            Assert.True(neighbours is null || neighbours[IndexOf(at)].Contains(next));
            at = next;
            steps++;
        }

        return steps;
    }

    /// <summary>
    /// The bytes that every peer uploads if all follow the plan, from a chunk of every owner in every tree.
    /// </summary>
    private static double[] Sends(DistributionPlan plan, PlanInput[] inputs)
    {
        var sends = new double[inputs.Length];
        for (int owner = 0; owner < inputs.Length; owner++)
        {
            for (int chunk = 0; inputs[owner].SoleBytes > 0 && chunk < plan.TreeCount; chunk++)
            {
                for (int i = 0; i < inputs.Length; i++)
                {
                    if (plan.SourceFor(Peer(i), Chunk(chunk), Peer(owner)) is { } source)
                    {
                        sends[IndexOf(source)] += inputs[owner].SoleBytes / plan.TreeCount;
                    }
                }
            }
        }

        return sends;
    }

    /// <summary>
    /// The time to spread chunks from peer 0 if every uplink sends one whole chunk in a unit of time, in the
    /// order in which they came.
    /// </summary>
    private static double SlotsToSpread(DistributionPlan plan, int chunks)
    {
        int peers = plan.Shares.Length;
        var receivers = new List<int>[plan.TreeCount][];
        for (int tree = 0; tree < plan.TreeCount; tree++)
        {
            receivers[tree] = [.. Enumerable.Range(0, peers).Select(_ => new List<int>())];
            for (int i = 1; i < peers; i++)
            {
                PeerId source = plan.SourceFor(Peer(i), Chunk(tree), Peer(0))!.Value;
                receivers[tree][IndexOf(source)].Add(i);
            }
        }

        var free = new double[peers];
        double last = 0;
        var arrivals = new PriorityQueue<(int Peer, int Chunk), (double Time, int Chunk)>();
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            arrivals.Enqueue((0, chunk), (0, chunk));
        }

        while (arrivals.TryDequeue(out (int Peer, int Chunk) at, out (double Time, int Chunk) now))
        {
            last = Math.Max(last, now.Time);
            foreach (int to in receivers[at.Chunk % plan.TreeCount][at.Peer])
            {
                free[at.Peer] = Math.Max(free[at.Peer], now.Time) + 1;
                arrivals.Enqueue((to, at.Chunk), (free[at.Peer], at.Chunk));
            }
        }

        return last;
    }
}
