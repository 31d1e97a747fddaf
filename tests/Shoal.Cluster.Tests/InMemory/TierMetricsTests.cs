using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Edge;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>What origin, edges and clients of a tier measure.</summary>
public sealed class TierMetricsTests
{
    [Fact(Timeout = Limits.Hang)]
    public async Task Origin_edge_and_clients_count_what_goes_and_how()
    {
        using var meters = new Meters();
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        Task<OriginResult> origin = tier.Origin(
            new TierOptions { ExpectEdges = 1, ExpectClients = 2 },
            options => options with { Meters = meters, Stay = true });
        Task<EdgeResult> edge = tier.Edge(
            "edge", 1_000_000, options => options with { Meters = meters, Stay = true });
        await Task.WhenAll(tier.Fetch("anna", meters, "a"), tier.Fetch("ben", meters, "a"));
        meters.Observe();
        await tier.StopEdgesAsync();
        await edge;
        await tier.StopAsync(origin);

        Assert.Equal(1, meters.Sum("shoal.origin.transfers", "{transfer}", "fill"));
        Assert.Equal(2, meters.Sum("shoal.origin.transfers", "{transfer}", "delivery"));
        Assert.Equal(0, meters.Sum("shoal.origin.transfers", "{transfer}", "direct"));
        Assert.Equal(100_000, meters.Sum("shoal.origin.payload", "By"));
        Assert.Equal(1, meters.Count("shoal.origin.makespan"));
        Assert.Equal(0, meters.Count("shoal.origin.faults"));
        Assert.True(meters.Count("shoal.origin.members") >= 3);
        Assert.Equal(200_000, meters.Sum("shoal.fetch.payload", "By", "edge"));
        Assert.Equal(2, meters.Count("shoal.fetch.file"));
        Assert.Equal(0, meters.Count("shoal.fetch.rejected"));
        Assert.Equal(100_000, meters.Sum("shoal.edge.payload", "By", "fill"));
        Assert.Equal(200_000, meters.Sum("shoal.edge.payload", "By", "client"));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task What_fails_is_counted()
    {
        using var meters = new Meters();
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        await tier.HoldAsync("edge", "a");
        tier.Spoil("edge");
        Task<OriginResult> origin = tier.Origin(
            new TierOptions { ExpectEdges = 1 }, options => options with { Meters = meters });
        _ = tier.Edge("edge", 100_000);
        await tier.Fetch("anna", meters, "a");
        Assert.True((await origin).IsComplete);
        Assert.Equal(1, meters.Sum("shoal.origin.faults", "{transfer}", "corrupt"));
        Assert.True(meters.Sum("shoal.fetch.rejected", "{chunk}") >= 1);
        Assert.True(meters.Sum("shoal.fetch.payload", "By", "origin") > 0);
    }
}
