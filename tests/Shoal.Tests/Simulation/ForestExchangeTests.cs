using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

public sealed class ForestExchangeTests
{
    /// <summary>
    /// Chunks of owners all over the forest go up their trees before they come down; no peer may wait for one
    /// from above that only comes from below.
    /// </summary>
    [Fact]
    public void Many_owners_among_more_peers_than_a_mesh_has_need_no_stealing()
    {
        var link = new PeerLink(12_500_000, 12_500_000);
        ExchangeScenario scenario = ExchangeScenario.Uniform(70, 10, 2_000_000, 64 * 1024, link);

        ExchangeRun run = scenario.Run(cancellation: TestContext.Current.CancellationToken);

        Assert.InRange(run.Ratio!.Value, 1, 1.25);
        Assert.Equal(0, run.Peers.Sum(peer => peer.BytesWasted));
        Assert.All(run.Peers, peer => Assert.True(peer.IsComplete));
    }
}
