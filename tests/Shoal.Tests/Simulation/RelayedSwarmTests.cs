using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>Swarms in which chunks pass the hub: some that go well, some with faults, and random ones.</summary>
public sealed class RelayedSwarmTests
{
    private const long MB = 1_000_000;
    private static readonly PeerLink Hundred = new(12_500_000, 12_500_000);

    /// <summary>More of them with SHOAL_SWARMS=NUMBER; the first is then SHOAL_RANDOM_SEED.</summary>
    private static readonly int s_swarms = int.Parse(Environment.GetEnvironmentVariable("SHOAL_SWARMS") ?? "60");

    private static readonly ulong s_first = ulong.Parse(Environment.GetEnvironmentVariable("SHOAL_RANDOM_SEED") ?? "1");

    private static readonly ExchangeScenario s_star = ExchangeScenario.Uniform(4, 4, 10 * MB, 1 << 17, Hundred) with
    {
        Hub = new PeerLink(125_000_000, 125_000_000),
        IsRelayOnly = true,
    };

    private static readonly VirtualTime s_soon = VirtualTime.FromSeconds(1);

    [Fact]
    public void A_chunk_is_uploaded_once_however_many_wait_for_it()
    {
        ExchangeRun run = s_star.Simulate();

        Assert.InRange(run.HubBytesIn, 40 * MB, 1.02 * 40 * MB);
        Assert.Equal(120 * MB, run.HubBytesOut);
        Assert.InRange(run.Ratio!.Value, 1, 1.05);
    }

    [Fact]
    public void A_slow_receiver_slows_nobody_else()
    {
        ExchangeRun run = (s_star with
        {
            Peers = [new(Hundred with { Down = 1_250_000 }), new(Hundred), new(Hundred), new(Hundred)],
        }).Simulate();

        Assert.All(run.Peers.Skip(1), peer => Assert.InRange(peer.Finish.Seconds, 0, 1.1 * 30 / 12.5));
        Assert.InRange(run.Peers[0].Finish.Seconds, 24, 24 * 1.05);
    }

    [Fact]
    public void Two_who_cannot_meet_exchange_through_the_hub()
    {
        ExchangeRun run = (s_star with
        {
            IsRelayOnly = false,
            Contents = [new ScenarioContent(10 * MB, 1 << 17, [0]), new ScenarioContent(10 * MB, 1 << 17, [1])],
            Peers = [new(Hundred), new(Hundred)],
            Walls = [new PeerPair(0, 1)],
        }).Simulate();

        Assert.InRange(run.HubBytesIn, 20 * MB, 1.02 * 20 * MB);
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }

    [Fact]
    public void What_two_cannot_give_each_other_is_brought_by_a_third_and_not_by_the_hub()
    {
        ExchangeScenario three = s_star with
        {
            IsRelayOnly = false,
            Contents = [new ScenarioContent(40 * MB, 1 << 17, [0]), new ScenarioContent(40 * MB, 1 << 17, [1])],
            Peers = [new(Hundred), new(Hundred), new(Hundred)],
            Walls = [new PeerPair(0, 1)],
        };
        ExchangeScenario four = s_star with
        {
            IsRelayOnly = false,
            Contents = [.. Enumerable.Range(0, 4).Select(i => new ScenarioContent(40 * MB, 1 << 17, [i]))],
            Walls = [new PeerPair(0, 3)],
        };
        ExchangeScenario two = four with { Walls = [new PeerPair(0, 3), new PeerPair(1, 2)] };
        foreach (ExchangeScenario scenario in new[] { three, four, two })
        {
            ExchangeRun run = scenario.Simulate();

            Assert.Equal(0, run.HubBytesIn);
            Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
            Assert.InRange(run.Makespan.Seconds, 1, scenario == three ? 6.4 * 1.05 : 1.2 * run.Bound.Seconds);
        }
    }

    [Fact]
    public void In_a_large_swarm_trees_grow_around_walls_and_the_hub_brings_little()
    {
        var random = new DeterministicRandom(5);
        ExchangeScenario scenario = s_star with
        {
            IsRelayOnly = false,
            Contents = [.. Enumerable.Range(0, 4).Select(i => new ScenarioContent(40 * MB, 1 << 17, [i]))],
            Peers = [.. Enumerable.Repeat(new ScenarioPeer(Hundred), 80)],
            Walls = [.. Enumerable.Range(0, 80).SelectMany(i => Enumerable.Range(i + 1, 79 - i)
                .Where(_ => random.Next(5) == 0).Select(j => new PeerPair(i, j)))],
        };

        ExchangeRun run = scenario.Simulate();

        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));

        // It is 201 MB where trees know no walls. What is left goes in the seconds in which walls are found.
        Assert.InRange(run.HubBytesIn, 0, 110 * MB);
        Assert.InRange(run.Ratio!.Value, 1, 1.5);
    }

    [Fact]
    public void A_direct_path_that_breaks_is_relayed_until_it_is_back()
    {
        ExchangeScenario direct = s_star with
        {
            IsRelayOnly = false,
            Contents = [new ScenarioContent(100 * MB, 1 << 17, [0])],
            Peers = [new(Hundred), new(Hundred)],
        };
        ExchangeRun run = (direct with
        {
            Faults = [new ScenarioFault.Cut(s_soon, new PeerPair(0, 1), VirtualTime.FromSeconds(2))],
        }).Simulate();

        Assert.InRange(run.Peers[0].BytesSentToHub, 10 * MB, 90 * MB);
        Assert.InRange(run.Makespan.Seconds, 8, 10);
    }

    [Fact]
    public void A_holder_that_sends_corrupt_chunks_is_blamed_and_not_the_hub()
    {
        ExchangeRun run = (s_star with
        {
            Contents = [.. s_star.Contents.Select(content => content with { Holders = [0, 1] })],
            Faults = [new ScenarioFault.Corrupt(VirtualTime.Zero, 1, 1)],
        }).Simulate();

        // The hub found them; nobody behind it saw one, and three are enough, with what was on its way by then.
        Assert.All(run.Peers, peer => Assert.Equal(0, peer.ChunksRejected));
        Assert.InRange(run.Peers[1].BytesSentToHub, 1, 12 << 17);
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }

    [Fact]
    public void A_holder_that_never_answers_is_passed_over()
    {
        ExchangeRun run = (s_star with
        {
            Contents = [.. s_star.Contents.Select(content => content with { Holders = [0, 1] })],
            Faults = [new ScenarioFault.Withhold(VirtualTime.Zero, 1)],
        }).Simulate();

        Assert.InRange(run.Makespan.Seconds, 0, 20);
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }

    [Fact]
    public void A_peer_that_vanishes_with_requests_queued_costs_the_others_little()
    {
        ExchangeRun run = (s_star with
        {
            Contents = [.. s_star.Contents.Take(3)],
            Stay = true,
            Faults = [new ScenarioFault.Vanish(s_soon, 3, VirtualTime.FromSeconds(3))],
        }).Simulate();

        Assert.All(run.Peers.Take(3), peer => Assert.InRange(peer.Finish.Seconds, 0, 3));
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }

    [Fact]
    public void A_hub_that_restarts_goes_on_where_it_was()
    {
        ExchangeRun run = (s_star with
        {
            Faults = [new ScenarioFault.RestartHub(s_soon, s_soon)],
        }).Simulate();

        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
        Assert.InRange(run.Makespan.Seconds, 2.4, 6);
    }

    [Fact]
    public void Everybody_finishes_and_never_below_the_bound()
    {
        for (int i = 0; i < s_swarms; i++)
        {
            Check(RandomScenario.Relayed(s_first + (ulong)i));
        }
    }

    [Fact]
    public void Everybody_finishes_when_faults_have_stopped()
    {
        for (int i = 0; i < s_swarms; i++)
        {
            Check(RandomScenario.RelayedAndTroubled(s_first + (ulong)i));
        }
    }

    private static void Check(ExchangeScenario scenario)
    {
        string which = $"random seed {scenario.RandomSeed}, {scenario.Policy}, relay only: {scenario.IsRelayOnly}, "
            + $"walls: {string.Join(" ", scenario.Walls)}, faults: {string.Join("; ", scenario.Faults)}";
        ExchangeRun run;
        try
        {
            run = scenario.Simulate();
        }
        catch (BrokenRuleException e)
        {
            throw new InvalidOperationException($"{which}: {e.Message}", e);
        }

        Assert.All(run.Peers, peer => Assert.True(
            peer is { IsComplete: true, Outcome: SwarmOutcome.Complete or SwarmOutcome.Stopped { MissingBytes: 0 } },
            $"{which}: {peer}"));
        Assert.True(
            run.Makespan.Seconds >= run.Bound.Seconds * (1 - 1e-9),
            $"{which}: {run.Makespan} is less than the bound of {run.Bound.Seconds} s");
    }
}
