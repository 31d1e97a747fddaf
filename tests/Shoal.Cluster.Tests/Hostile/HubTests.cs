using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.Hostile;

/// <summary>Hubs that say to their members what no honest one says, until an honest one takes their place.</summary>
public sealed class HubTests
{
    [Theory]
    [InlineData("7fffffff 34", "a HubDescribe frame of 2147483647 bytes")]
    [InlineData("00000000 4f", "unknown frame type 0x4f")]
    [InlineData("00000000 29", "unknown frame type 0x29")]
    [InlineData("00000001 38", "a HubStart frame of 1 bytes")]
    public Task Frames_that_are_none(string bytes, string reason) =>
        OffendAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), reason);

    [Theory]
    [InlineData("../a.bin", "'..'")]
    [InlineData("/etc/passwd", "The name is absolute")]
    [InlineData("CON", "names a device")]
    public Task A_name_that_leads_out_of_the_folder(string name, string reason)
    {
        var share = new HubMessage.Share(default, "zoe", 1, [RawLink.FolderFor(name)]);
        return OffendAsync(RawLink.Rename(RawLink.Frame(share), name), reason);
    }

    [Fact]
    public Task Nothing() => OffendAsync([], "it said nothing for 4 s");

    /// <summary>
    /// As on a machine that is too busy to notice: the answer to the first connection must not go out on the second.
    /// </summary>
    [Fact]
    public async Task One_that_came_and_went_before_the_peer_looked_is_not_answered_on_the_next_connection()
    {
        await using var swarm = new MemorySwarm();
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        using var hold = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        MemoryPeer anna = swarm.Start("anna", watch: progress =>
        {
            // Its folder is read; from here on it is its loop that tells.
            if (progress.Phase == PeerPhase.Connecting)
            {
                held.TrySetResult();
                hold.Wait(Limits.Wait);
            }
        });
        await held.Task.WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        FalseHub hub = await FalseHub.OpenAsync(swarm.Network, MemorySwarm.HubAddress);
        await anna.Log.WaitForAsync("action: hub_connect | result: success");
        await hub.DisposeAsync();
        await anna.Log.WaitForAsync("action: hub_disconnect | result: fail");
        await swarm.StartHubAsync();
        await Limits.UntilAsync(
            () => anna.Log.Count("action: hub_connect | result: success") == 2, "it has dialled the honest hub");
        hold.Set();

        MemoryPeer bert = swarm.Start("bert");
        await anna.CompleteAsync();
        await bert.CompleteAsync();
    }

    private static async Task OffendAsync(byte[] words, string reason)
    {
        await using var swarm = new MemorySwarm();
        FalseHub hub = await FalseHub.OpenAsync(swarm.Network, MemorySwarm.HubAddress, words);
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Silence = TimeSpan.FromSeconds(4) });
        await anna.Log.WaitForAsync("action: hub_disconnect | result: fail", reason);
        await hub.DisposeAsync();

        await swarm.StartHubAsync();
        MemoryPeer bert = swarm.Start("bert");
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        Assert.Single(swarm.Scratch.Look("bert"));
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }
}
