using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;

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
