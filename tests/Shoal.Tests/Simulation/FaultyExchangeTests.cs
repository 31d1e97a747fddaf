using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>What one fault in a busy swarm costs the others.</summary>
public sealed class FaultyExchangeTests
{
    private static readonly PeerLink Hundred = new(12_500_000, 12_500_000);

    /// <summary>100 peers: chunks come down trees, and peer 4 hands on a part of them to many.</summary>
    private static readonly ExchangeScenario s_trees = ExchangeScenario.Uniform(100, 1, 100 << 20, 1 << 20, Hundred);

    /// <summary>8 peers in a mesh, of which one uploads slowly, so that others distribute its chunks.</summary>
    private static readonly ExchangeScenario s_mesh = ExchangeScenario.Uniform(8, 8, 15_000_000, 1 << 17, Hundred) with
    {
        Peers = [.. Enumerable.Range(0, 8)
            .Select(i => new ScenarioPeer(i == 0 ? Hundred with { Up = 2_500_000 } : Hundred))],
    };

    private static readonly VirtualTime s_early = VirtualTime.FromSeconds(4);

    public static TheoryData<string> Swarms => ["trees", "mesh"];

    [Theory]
    [MemberData(nameof(Swarms))]
    public void A_hub_that_restarts_delays_nobody(string swarm)
    {
        double delay = Delay(swarm, new ScenarioFault.RestartHub(s_early, VirtualTime.FromSeconds(3)));

        Assert.InRange(delay, -0.01, 0.5);
    }

    [Theory]
    [MemberData(nameof(Swarms))]
    public void A_peer_that_vanishes_for_a_while_delays_the_others_by_little_more_than_that(string swarm)
    {
        double delay = Delay(swarm, new ScenarioFault.Vanish(s_early, 3, VirtualTime.FromSeconds(2)));

        Assert.InRange(delay, -0.01, 5);
    }

    [Theory]
    [MemberData(nameof(Swarms))]
    public void A_peer_that_hangs_delays_the_others_by_a_few_seconds(string swarm)
    {
        double delay = Delay(
            swarm, new ScenarioFault.Stall(s_early, 3, VirtualTime.FromSeconds(300)), exceptSoleOwner: true);

        Assert.InRange(delay, -0.01, 6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void What_waits_at_a_peer_that_slows_down_comes_from_those_who_have_nothing_left_to_send(int second)
    {
        double delay = Delay(
            "mesh", new ScenarioFault.ChangeLink(VirtualTime.FromSeconds(second), 3, Hundred.Up / 5, Hundred.Down));

        Assert.InRange(delay, -0.01, 8);
    }

    /// <summary>By how many seconds the others finish later than without the fault of peer 4.</summary>
    private static double Delay(string swarm, ScenarioFault fault, bool exceptSoleOwner = false)
    {
        ExchangeScenario scenario = swarm == "trees" ? s_trees : s_mesh;
        if (exceptSoleOwner)
        {
            // What only peer 4 has cannot come while it hangs.
            scenario = scenario with
            {
                Contents = [.. scenario.Contents.Where(content => !content.Holders.Contains(3))],
            };
        }

        ExchangeRun calm = scenario.Simulate();
        ExchangeRun troubled = (scenario with { Faults = [fault], Stay = true }).Simulate();
        Assert.All(troubled.Peers, peer => Assert.True(peer.IsComplete));
        return Enumerable.Range(0, scenario.Peers.Length).Where(i => i != 3)
            .Max(i => troubled.Peers[i].Finish.Seconds) - calm.Makespan.Seconds;
    }
}
