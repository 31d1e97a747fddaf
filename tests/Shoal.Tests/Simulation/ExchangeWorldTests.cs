using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

public sealed class ExchangeWorldTests
{
    private const double Mbit = 125_000;
    private const int ChunkSize = 256 * 1024;
    private static readonly PeerLink Hundred = new(100 * Mbit, 100 * Mbit);

    [Theory]
    [InlineData(PickPolicy.Planned)]
    [InlineData(PickPolicy.Rarest)]
    [InlineData(PickPolicy.Direct)]
    public void Equal_peers_reach_the_bound_under_every_policy(PickPolicy policy)
    {
        ExchangeRun run = (ExchangeScenario.Uniform(4, 4, 50_000_000, ChunkSize, Hundred) with
        {
            Policy = policy,
        }).Simulate();

        Assert.Equal(12, run.Bound.Seconds, 6);
        Assert.InRange(run.Ratio!.Value, 1, 1.01);
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
        Assert.All(run.Peers, peer => Assert.Equal(150_000_000, peer.BytesStored));
        Assert.Equal(600_000_000, run.Peers.Sum(peer => peer.BytesSent));
    }

    [Fact]
    public void Direct_pulls_take_what_their_own_bound_says()
    {
        PeerLink slow = Hundred with { Up = 10 * Mbit };
        ExchangeScenario scenario = ExchangeScenario.Uniform(4, 4, 20_000_000, ChunkSize, Hundred) with
        {
            Peers = [new(slow), new(Hundred), new(Hundred), new(Hundred)],
            Policy = PickPolicy.Direct,
        };

        Assert.Equal(48, MakespanBound.Direct(scenario.Shape).Seconds, 6);
        Assert.InRange(scenario.Simulate().Makespan.Seconds, 48, 48.1);
    }

    [Fact]
    public void The_hub_reports_what_the_world_measures()
    {
        ExchangeRun run = ExchangeScenario.Uniform(4, 4, 20_000_000, ChunkSize, Hundred).Simulate();

        Assert.NotNull(run.HubReport);
        Assert.Equal(BoundSource.Simulated, run.HubReport.BoundSource);
        Assert.Equal(run.Bound.Seconds, run.HubReport.LowerBound.TotalSeconds, 3);
        Assert.Equal(run.Makespan.Seconds, run.HubReport.Makespan.TotalSeconds, 0.01);
        Assert.All(run.Peers, peer => Assert.IsType<SwarmOutcome.Complete>(peer.Outcome));
    }

    [Fact]
    public void The_report_of_a_run_of_a_moment_has_all_that_was_sent()
    {
        ExchangeRun run = ExchangeScenario.Uniform(4, 4, 1_000_000, ChunkSize, Hundred).Simulate();

        Assert.InRange(run.Makespan.Seconds, 0, 0.5);
        Assert.Equal(
            run.Peers.Select(peer => (peer.BytesSent, peer.BytesStored)).Order(),
            run.HubReport!.Peers.Select(peer => (peer.Tally.BytesSent, peer.Tally.BytesReceived)).Order());
        Assert.Equal(12_000_000, run.HubReport.Peers.Sum(peer => peer.Tally.BytesSent));
    }

    [Fact]
    public void The_same_random_seed_gives_the_same_trace_and_another_one_another()
    {
        ExchangeScenario scenario = ExchangeScenario.Uniform(5, 3, 10_000_000, ChunkSize, Hundred) with
        {
            Policy = PickPolicy.Rarest,
        };

        ulong first = scenario.Simulate().TraceHash;

        Assert.Equal(first, scenario.Simulate().TraceHash);
        Assert.NotEqual(first, (scenario with { RandomSeed = 2 }).Simulate().TraceHash);
    }

    [Fact]
    public void Empty_contents_and_peers_without_any_are_no_obstacle()
    {
        ExchangeScenario scenario = ExchangeScenario.Uniform(3, 2, 0, ChunkSize, Hundred);

        ExchangeRun run = scenario.Simulate();

        Assert.Equal(VirtualTime.Zero, run.Makespan);
        Assert.Null(run.Ratio);
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }

    [Fact]
    public void Latency_is_paid_once_a_message_and_not_once_a_chunk()
    {
        ExchangeScenario scenario = ExchangeScenario.Uniform(4, 4, 20_000_000, ChunkSize, Hundred);

        double near = scenario.Simulate().Makespan.Seconds;
        double far = (scenario with { Latency = VirtualTime.FromSeconds(0.05) }).Simulate().Makespan.Seconds;

        Assert.InRange(far - near, 0.05, 0.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Connections_that_share_a_link_as_they_happen_to_delay_nobody(ulong randomSeed)
    {
        ExchangeScenario scenario = ExchangeScenario.Uniform(4, 4, 100_000_000, ChunkSize, Hundred) with
        {
            Unevenness = 3,
            IsCapacityDeclared = false,
            RandomSeed = randomSeed,
        };

        Assert.InRange(scenario.Simulate().Ratio!.Value, 1, 1.05);
    }

    [Fact]
    public void No_link_of_a_world_ever_carries_more_than_it_can()
    {
        var sent = new List<SentChunk>();
        PeerLink half = new(50 * Mbit, 50 * Mbit, IsHalfDuplex: true, Site: 0);
        ExchangeScenario scenario = ExchangeScenario.Uniform(5, 5, 3_000_000, ChunkSize, Hundred) with
        {
            Peers = [new(half), new(half), new(Hundred with { Site = 1 }), new(Hundred), new(Hundred)],
            Sites = [new SiteLink(30 * Mbit, 40 * Mbit), new SiteLink(60 * Mbit, 60 * Mbit)],
        };

        scenario.Simulate(sent.Add);

        Assert.Equal(4 * 15_000_000, sent.Sum(chunk => chunk.Bytes));
        for (int i = 0; i < scenario.Peers.Length; i++)
        {
            PeerLink link = scenario.Peers[i].Link;
            AssertWithin(link.Up, chunk => chunk.From == i || (link.IsHalfDuplex && chunk.To == i));
            AssertWithin(link.Down, chunk => chunk.To == i || (link.IsHalfDuplex && chunk.From == i));
        }

        for (int i = 0; i < scenario.Sites.Length; i++)
        {
            AssertWithin(scenario.Sites[i].Up, chunk => SiteOf(chunk.From) == i && SiteOf(chunk.To) != i);
            AssertWithin(scenario.Sites[i].Down, chunk => SiteOf(chunk.To) == i && SiteOf(chunk.From) != i);
        }

        int SiteOf(int peer) => scenario.Peers[peer].Link.Site;

        void AssertWithin(double capacity, Func<SentChunk, bool> crosses)
        {
            // A nanosecond of rounding on each of several connections is less than a byte.
            double? excess = LinkLedger.WorstExcess(
                capacity, sent.Where(crosses).Select(chunk => (chunk.Start, chunk.End, chunk.Bytes)));
            Assert.True(excess is null or < 1, $"{excess} bytes too many");
        }
    }

    [Fact]
    public void A_run_that_does_not_end_is_reported_with_who_hangs()
    {
        ExchangeScenario scenario = ExchangeScenario.Uniform(2, 2, 20_000_000, ChunkSize, Hundred) with
        {
            Deadline = VirtualTime.FromSeconds(1),
        };

        BrokenRuleException e = Assert.Throws<BrokenRuleException>(() => scenario.Simulate());

        Assert.Contains("2 peers still there (peer1, peer2), 2 lack chunks", e.Message, StringComparison.Ordinal);
    }
}
