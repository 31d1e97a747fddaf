using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Peer;
using Shoal.Storage;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>What <c>join --dry-run</c> asks and is told.</summary>
public sealed class LookTests
{
    [Fact]
    public async Task What_would_come_is_told_and_nobody_notices()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 100_000);
        swarm.Scratch.Write("anna/copy of a.bin", 1, 100_000);
        swarm.Scratch.Write("anna/b.bin", 2, 50_000);
        swarm.Scratch.Folder("anna/empty");
        swarm.Scratch.Write("zoe/mine.bin", 2, 50_000);
        MemoryPeer anna = swarm.Start("anna");
        await anna.Log.WaitForAsync("action: join");
        await using ScriptedPeer tom = await swarm.ScriptAsync("tom", [], expect: 3);

        // A hub tells of a member as soon as it comes, and of what it has when it has said that.
        FolderPreview preview = null!;
        await Limits.UntilAsync(
            async () =>
            {
                preview = await LookAsync(swarm);
                return preview.Coming is ComingPreview.Known { Files.Length: 4 };
            },
            "all that they have is shown");

        Assert.Equal(new PreviewFile("mine.bin", 50_000), Assert.Single(preview.Files));
        var coming = Assert.IsType<ComingPreview.Known>(preview.Coming);
        Assert.Equal(["anna", "tom"], coming.Members);
        Assert.Empty(coming.Unheard);
        Assert.Equal(
            [
                new("a.bin", 100_000, "anna"), new("b.bin", 0, "anna"), new("copy of a.bin", 100_000, "anna"),
                new("empty/", 0, "anna"),
            ],
            coming.Files.OrderBy(file => file.Name, StringComparer.Ordinal));
        Assert.Equal(100_000, coming.Bytes);
        Assert.Single(swarm.Scratch.Look("zoe"));
        Assert.False(anna.Log.Has("name: zoe"), anna.Log.ToString());
        Assert.False(swarm.HubLog.Has("action: start"), swarm.HubLog.ToString());
        Assert.Equal(2, swarm.HubLog.Count("action: join"));
    }

    [Fact]
    public async Task Who_has_not_said_what_it_has_is_told_apart()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        using RawLink eve = await RawLink.JoinAsync(swarm.Network, MemorySwarm.HubAddress, "eve");
        await swarm.HubLog.WaitForAsync("action: join", "name: eve");
        var coming = Assert.IsType<ComingPreview.Known>((await LookAsync(swarm)).Coming);
        Assert.Equal(["eve"], coming.Members);
        Assert.Equal(["eve"], coming.Unheard);
        Assert.Empty(coming.Files);
    }

    [Fact]
    public async Task A_swarm_that_is_not_there_has_nothing_and_does_not_come_to_be_by_looking()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        FolderPreview preview = await LookAsync(swarm);
        var coming = Assert.IsType<ComingPreview.Known>(preview.Coming);
        Assert.Empty(coming.Members);
        Assert.Empty(coming.Files);
        Assert.False(swarm.HubLog.Has("action: swarm_end"));
    }

    [Fact]
    public async Task A_look_leaves_no_trace()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        FolderPreview absent = await LookAsync(swarm);
        Assert.Empty(absent.Files);
        Assert.True(absent.FreeBytes > 0);
        Assert.False(Directory.Exists(swarm.Scratch["zoe"]));

        swarm.Scratch.Write("zoe/mine.bin", 2, 50_000);
        Assert.Single((await LookAsync(swarm)).Files);
        Assert.False(Directory.Exists(swarm.Scratch["zoe/.shoal"]));
    }

    [Fact]
    public async Task A_folder_that_a_run_holds_can_be_looked_at()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("zoe/mine.bin", 2, 50_000);
        MemoryPeer zoe = swarm.Start("zoe", options => options with { Stay = true });
        await zoe.Log.WaitForAsync("action: join");
        string[] before = Kept(swarm);
        Assert.Single((await LookAsync(swarm)).Files);
        Assert.Equal(before, Kept(swarm));

        static string[] Kept(MemorySwarm swarm) =>
            [.. Directory.EnumerateFiles(swarm.Scratch["zoe/.shoal"]).Order(StringComparer.Ordinal)
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks}")];
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_told()
    {
        await using var swarm = new MemorySwarm();
        swarm.Scratch.Write("zoe", 2, 10);
        FolderException told = await Assert.ThrowsAsync<FolderException>(() => LookAsync(swarm));
        Assert.Equal(FolderProblem.NotAFolder, told.Problem);
    }

    [Fact]
    public async Task Without_a_hub_the_reason_is_told()
    {
        await using var swarm = new MemorySwarm();
        swarm.Scratch.Write("zoe/mine.bin", 2, 50_000);
        FolderPreview preview = await LookAsync(swarm);
        Assert.Single(preview.Files);
        Assert.NotEmpty(Assert.IsType<ComingPreview.Unknown>(preview.Coming).Reason);
    }

    [Fact]
    public async Task Who_looks_for_too_long_is_cut_off()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(
            options => options with { LookLimit = TimeSpan.FromMilliseconds(200) });
        swarm.Start("anna");
        await swarm.HubLog.WaitForAsync("action: join");
        using RawLink zoe = await RawLink.GreetAsync(
            swarm.Network, MemorySwarm.HubAddress, EndRole.Member, EndRole.Hub);
        await zoe.SayAsync(new MemberMessage.Look("films"));
        await zoe.EndedAsync();
        await swarm.HubLog.WaitForAsync("action: disconnect | result: fail", "it looked for too long");
    }

    private static Task<FolderPreview> LookAsync(MemorySwarm swarm) => PeerHost.PreviewAsync(
        swarm.Options("zoe"), swarm.Network, TimeProvider.System, TestContext.Current.CancellationToken);
}
