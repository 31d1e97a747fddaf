using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>The worked figures of the bounds, run by the machines: how close to the bound does a plan come?</summary>
public sealed class WorkedFiguresTests
{
    private const double Mbit = 125_000;
    private const long MB = 1_000_000;
    private const int ChunkSize = 256 * 1024;
    private const double Close = 1.02;
    private static readonly PeerLink Hundred = new(100 * Mbit, 100 * Mbit);
    private static readonly PeerLink SlowUp = new(20 * Mbit, 100 * Mbit);

    [Fact]
    public void Four_equal_peers() =>
        Run(120, ExchangeScenario.Uniform(4, 4, 500 * MB, ChunkSize, Hundred));

    [Fact]
    public void Four_half_duplex_peers() =>
        Run(240, ExchangeScenario.Uniform(4, 4, 500 * MB, ChunkSize, Hundred with { IsHalfDuplex = true }));

    [Fact]
    public void Four_peers_of_which_one_uploads_slowly() =>
        Run(400, ExchangeScenario.Uniform(4, 4, 500 * MB, ChunkSize, Hundred) with
        {
            Peers = [new(Hundred with { Up = 10 * Mbit }), new(Hundred), new(Hundred), new(Hundred)],
        });

    [Fact]
    public void Sixteen_equal_peers() =>
        Run(120, ExchangeScenario.Uniform(16, 16, 100 * MB, ChunkSize, Hundred));

    [Fact]
    public void Sixteen_peers_of_which_half_upload_slowly() =>
        Run(200, ExchangeScenario.Uniform(16, 16, 100 * MB, ChunkSize, Hundred) with
        {
            Peers = [.. Enumerable.Range(0, 16).Select(i => new ScenarioPeer(i < 8 ? Hundred : SlowUp))],
        });

    [Fact]
    public void Sixteen_peers_that_all_upload_slowly() =>
        Run(600, ExchangeScenario.Uniform(16, 16, 100 * MB, ChunkSize, SlowUp));

    [Fact]
    public void Sixteen_peers_that_all_upload_slowly_with_a_hub_that_lends_its_uplink()
    {
        ExchangeRun run = Run(153.2, ExchangeScenario.Uniform(16, 16, 100 * MB, ChunkSize, SlowUp) with
        {
            Hub = new PeerLink(1000 * Mbit, 1000 * Mbit),
            IsHubLending = true,
        });

        Assert.InRange(run.HubBytesOut, 14.9 * run.HubBytesIn, 15.0 * run.HubBytesIn);
    }

    [Fact]
    public void Sixteen_peers_that_reach_only_the_hub()
    {
        ExchangeRun run = Run(192, ExchangeScenario.Uniform(16, 16, 100 * MB, ChunkSize, Hundred) with
        {
            Hub = new PeerLink(1000 * Mbit, 1000 * Mbit),
            IsRelayOnly = true,
        });

        Assert.InRange(run.HubBytesIn, 1600 * MB, 1.02 * 1600 * MB);
        Assert.All(run.Peers, peer => Assert.Equal(peer.BytesSent, peer.BytesSentToHub));
    }

    [Fact]
    public void Eight_peers_with_very_different_contents()
    {
        long[] sizes = [1000, 500, 250, 100, 50, 50, 25, 25];
        ExchangeRun run = Run(158, ExchangeScenario.Uniform(8, 8, MB, ChunkSize, Hundred) with
        {
            Contents = [.. sizes.Select((size, i) => new ScenarioContent(size * MB, ChunkSize, [i]))],
        });

        Assert.Equal(14_000 * MB, run.Peers.Sum(peer => peer.BytesStored));
    }

    /// <summary>Who declares nothing is measured; that costs a little.</summary>
    [Theory]
    [InlineData(false, 1.05)]
    [InlineData(true, 1.05)]
    public void Four_peers_that_declare_nothing(bool isOneSlow, double most)
    {
        PeerLink first = isOneSlow ? SlowUp : Hundred;
        ExchangeRun run = (ExchangeScenario.Uniform(4, 4, 25 * MB, ChunkSize, Hundred) with
        {
            Peers = [new(first), new(Hundred), new(Hundred), new(Hundred)],
            IsCapacityDeclared = false,
        }).Simulate();

        Assert.InRange(run.Ratio!.Value, 1, most);
    }

    /// <summary>
    /// One source and a thousand receivers of a thousand chunks, scaled down; in full it is
    /// <c>shoal simulate exchange --peers 1001 --sources 1 --size 1000MiB --chunk 1MiB</c>.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_source_and_many_receivers(bool isDeclared)
    {
        ExchangeRun run = (ExchangeScenario.Uniform(201, 1, 200 << 20, 1 << 20, Hundred) with
        {
            IsCapacityDeclared = isDeclared,
        }).Simulate();

        Assert.Equal(BoundKind.ChunkHandover, run.Bound.Binding!.Kind);
        Assert.InRange(run.Ratio!.Value, 1, 1.10);

        // Sixteen neighbours at most: a have for each chunk goes to few, and a request is for several.
        Assert.InRange(run.PeerMessages, 1, 201 * 200 * 8);
    }

    private static ExchangeRun Run(double bound, ExchangeScenario scenario)
    {
        ExchangeRun run = scenario.Simulate();
        Assert.Equal(bound, run.Bound.Seconds, 0.1);
        Assert.InRange(run.Ratio!.Value, 1, Close);
        return run;
    }
}
