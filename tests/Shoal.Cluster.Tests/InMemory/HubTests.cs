using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class HubTests
{
    [Fact]
    public async Task While_the_hub_is_away_peers_go_on_and_afterwards_the_swarm_ends_as_usual()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 2_000_000);
        MemoryPeer anna = swarm.Start(
            "anna", options => options with { Expect = 2, UpLimit = 500_000, Patience = Limits.Run });
        MemoryPeer bert = swarm.Start("bert", options => options with { Patience = Limits.Run });
        await bert.Log.WaitForAsync("action: chunk_store");
        await swarm.StopHubAsync();
        await bert.Log.WaitForAsync("action: file", "name: a.bin");
        Assert.False(anna.HasEnded);

        await swarm.StartHubAsync();
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        Assert.True(anna.Log.Has("action: hub_disconnect | result: fail"));
        Assert.Equal(2, swarm.HubLog.Count("action: start", "members:"));
        Assert.True(swarm.HubLog.Has("action: finish"));
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task Swarms_of_one_hub_do_not_meet()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo", "dora"];
        MemoryPeer[] peers = [.. names.Index().Select(pair =>
        {
            swarm.Scratch.Write($"{pair.Item}/{pair.Item}.bin", (ulong)pair.Index, 100_000);
            return swarm.Start(pair.Item, options => options with { Swarm = pair.Index < 2 ? "films" : "songs" });
        })];
        await Task.WhenAll(peers.Select(peer => peer.CompleteAsync()));

        Assert.Equal(2, swarm.Scratch.Look("anna").Length);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        Assert.Equal(swarm.Scratch.Look("cleo"), swarm.Scratch.Look("dora"));
        Assert.Empty(swarm.Scratch.Look("anna").Intersect(swarm.Scratch.Look("cleo")));
        // A peer is done when it has said goodbye, and its swarm when the hub has heard that of the last one.
        await Limits.UntilAsync(() => swarm.HubLog.Count("action: swarm_end") >= 2, "both swarms end");
        Assert.Equal(2, swarm.HubLog.Count("action: swarm_end"));
    }
}
