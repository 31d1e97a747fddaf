using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Relay;

namespace Shoal.Tests.Relay;

/// <summary>
/// The hub under the system clock with the machines of its peers, in any order in which things arrive.
/// </summary>
public sealed class StarHubTests
{
    [Fact]
    public void In_whatever_order_things_arrive_a_run_takes_what_the_simulator_says()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var random = new DeterministicRandom(seed);
            (CostModel costs, StarMode mode, int[] chunks) = Draw(random);
            var world = new ClockWorld(random, costs, mode, chunks) { Name = $"random seed {seed}" };
            Begin(world);
            world.RunToTheEnd();
            var shape = new StarShape { Costs = costs, Chunks = [.. chunks], Mode = mode };
            var trace = new List<Occupation>();
            StarRun run = new StarScenario { Shape = shape }.Run(trace.Add, TestContext.Current.CancellationToken);
            var expected = new ClockReading(run.Makespan, run.Bound, run.MeanChunk);
            Assert.True(expected == world.Reading, $"random seed {seed}: {world.Reading}, not {expected}");
            Assert.All(world.Peers, peer => Assert.IsType<SwarmOutcome.Complete>(peer.Outcome));

            // Every peer tells of everything that its link carries in the simulator, in the same order.
            foreach ((int i, ClockWorld.Peer peer) in world.Peers.Index())
            {
                Assert.Equal(
                    trace.Where(carried => carried.Link == i).OrderBy(carried => carried.Start)
                        .Select(carried => $"{carried.Kind} {carried.Start} {carried.End}"),
                    peer.Carried.Select(carried =>
                        $"{carried.Order.Kind} {carried.Order.Begin} {carried.Order.End}"));
            }
        }
    }

    [Fact]
    public void Whoever_is_cut_off_and_whatever_is_wrong_all_get_all_once_it_stops()
    {
        int cuts = 0;
        for (ulong seed = 1; seed <= 250; seed++)
        {
            var random = new DeterministicRandom(seed);
            (CostModel costs, StarMode mode, int[] chunks) = Draw(random);
            var world = new ClockWorld(random, costs, mode, chunks)
            {
                Name = $"random seed {seed}", WrongChunks = 0.01,
            };
            Begin(world);
            for (int i = random.Next(1500); i > 0 && !world.IsOver; i--)
            {
                if (!world.TryStep())
                {
                    world.Tick();
                }

                ClockWorld.Peer peer = world.Peers[random.Next(world.Peers.Length)];
                if (random.Next(150) == 0 && peer is { HasEnded: false, Link: not null })
                {
                    world.Cut(peer);
                    cuts++;
                }

                Reconnect(world, random, 20);
            }

            world.WrongChunks = 0;
            Reconnect(world, random, 1);
            world.RunToTheEnd();
            Assert.All(world.Peers, peer => Assert.True(
                peer.WasExpelled || peer.Outcome is SwarmOutcome.Complete, $"random seed {seed}: {peer.Outcome}"));
        }

        Assert.True(cuts > 60, $"only {cuts} were cut off");
    }

    /// <summary>All connect one after the other; with the last the clock is about to start.</summary>
    private static void Begin(ClockWorld world)
    {
        foreach (ClockWorld.Peer peer in world.Peers)
        {
            while (world.TryStep())
            {
            }

            world.Connect(peer);
        }
    }

    private static void Reconnect(ClockWorld world, DeterministicRandom random, int oneIn)
    {
        foreach (ClockWorld.Peer peer in world.Peers)
        {
            if (peer is { HasEnded: false, Link: null } && random.Next(oneIn) == 0)
            {
                world.Connect(peer);
            }
        }
    }

    private static (CostModel Costs, StarMode Mode, int[] Chunks) Draw(DeterministicRandom random)
    {
        int peers = 2 + random.Next(4);
        CostModel costs = CostModel.Of(
        [
            .. Enumerable.Range(0, peers).Select(_ => new LinkCost(
                new VirtualTime(1_000_000 * (1 + random.Next(9))), new VirtualTime(100_000 * (1 + random.Next(9))))),
        ]);
        return (costs, random.Next(2) == 0 ? StarMode.Strict : StarMode.FanOut,
            [.. Enumerable.Range(0, peers).Select(_ => random.Next(20))]);
    }
}
