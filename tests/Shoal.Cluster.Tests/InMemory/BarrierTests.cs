using Shoal.Cluster.Tests.Bench;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class BarrierTests
{
    [Fact]
    public async Task The_largest_number_that_anybody_expects_opens_the_barrier_once()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 200_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Expect = 2 });
        MemoryPeer bert = swarm.Start("bert", options => options with { Expect = 3 });
        await anna.Log.WaitForAsync("action: member |", "name: bert");
        await Limits.UntilAsync(() => anna.Progress?.Members == 2, "anna knows of two members");
        await Limits.UntilAsync(() => bert.Progress?.Members == 2, "bert knows of two members");
        Assert.False(anna.Log.Has("action: start"));
        Assert.Equal(PeerPhase.Waiting, anna.Progress!.Phase);

        MemoryPeer cleo = swarm.Start("cleo");

        await anna.CompleteAsync();
        await bert.CompleteAsync();
        await cleo.CompleteAsync();
        Assert.Equal(1, anna.Log.Count("action: start"));
        Assert.Equal(1, swarm.HubLog.Count("action: start", "members: 3"));
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("cleo"));
    }

    [Fact]
    public async Task Without_a_number_exchange_starts_with_the_second_and_nobody_leaves_before()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 200_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Patience = TimeSpan.Zero });
        await anna.Log.WaitForAsync("action: join");

        // Ticks have passed, and nothing of it made her think that she was done.
        await Limits.UntilAsync(() => anna.Progress?.Phase == PeerPhase.Waiting, "anna waits");
        Assert.False(anna.HasEnded);

        MemoryPeer bert = swarm.Start("bert");
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task Who_comes_late_gets_everything_too()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 2_000_000);
        swarm.Scratch.Write("cleo/c.bin", 2, 100_000);

        // So slow that the run is not over when the third comes.
        MemoryPeer anna = swarm.Start("anna", options => options with { UpLimit = 500_000 });
        MemoryPeer bert = swarm.Start("bert");
        await bert.Log.WaitForAsync("action: chunk_store");
        MemoryPeer cleo = swarm.Start("cleo");

        await anna.CompleteAsync();
        await bert.CompleteAsync();
        await cleo.CompleteAsync();
        string[] expected = swarm.Scratch.Look("anna");
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
        Assert.Equal(expected, swarm.Scratch.Look("cleo"));
    }
}
