using System.Security.Cryptography;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Hosts.Edge;
using Shoal.Net.Handshakes;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>What members of a tier do at their limits, and about what others will not take or give.</summary>
public sealed class TierLimitTests
{
    // What an edge remembers of requests for what is not there yet, and how often an origin looks at a file.
    private const int MostEarly = 4096;
    private const int MostLooks = 20;

    private static readonly TierOptions s_run = new();

    [Fact(Timeout = Limits.Hang)]
    public async Task Of_requests_for_what_is_not_here_an_edge_remembers_so_many_and_declines_the_next()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        _ = tier.Edge("edge", 100_000);
        await using TierTalk client = await TierTalk.DialAsync(
            tier.Network, await tier.Log.WaitForAsync("action: peer_listen"));
        Holding[] asked = [.. Enumerable.Range(0, MostEarly + 1).Select(number => new Holding(
            new ContentId(new Digest(SHA256.HashData(BitConverter.GetBytes(number)))), new Bitfield(1)))];
        client.Say(new PeerMessage.Hold([.. asked]));
        PeerMessage.Decline declined = await client.WaitForAsync<PeerMessage.Decline>();
        Assert.Equal(asked[^1].Content, Assert.Single(declined.Chunks).Content);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task What_an_edge_declines_comes_from_the_origin()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        var content = new ScriptedContent("a", tier.Bytes("a"));
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1 });
        await using TierTalk edge = await TierTalk.DialAsync(
            tier.Network, await tier.Log.WaitForAsync("action: peer_listen"));
        await using Door door = await TierTalk.ListenAsync(tier.Network, "forgetful");
        edge.Say(new TierMessage.Attend(
            TierRole.Edge, "forgetful", ListOrder.Kept, 100_000, [door.Local.ToString()]));
        edge.Say(new PeerMessage.Hold([content.Full]));
        edge.Say(new TierMessage.Ready());
        Task<FetchResult> anna = tier.Fetch("anna", "a");
        await using TierTalk client = await TierTalk.AcceptAsync(door);
        PeerMessage.Hold asked = await client.WaitForAsync<PeerMessage.Hold>();
        Assert.Equal(content.Manifest.Id, Assert.Single(asked.Holdings).Content);
        client.Say(new PeerMessage.Decline([content.Chunk(0)]));
        Assert.Equal("origin", Assert.Single((await anna).Files).From);
        Assert.True(tier.IsSame("anna", "a"));
        Assert.True(tier.Log.Has("action: delivery | result: fail", "it does not have it"));
        Assert.Equal(800, (await origin).OriginKb);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_chunk_that_a_client_declines_just_before_it_asks_for_it_goes_once_more()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        var content = new ScriptedContent("a", tier.Bytes("a"));
        await tier.HoldAsync("edge", "a");
        _ = tier.Edge("edge", 100_000);
        await using TierTalk edge = await TierTalk.DialAsync(
            tier.Network, await tier.Log.WaitForAsync("action: peer_listen"));
        // An edge says it to those whom it knows, and pushes only to them.
        await edge.WaitForAsync<PeerMessage.Alive>();
        _ = tier.Origin(s_run with { ExpectEdges = 1 });
        await using TierTalk origin = await TierTalk.DialAsync(
            tier.Network, await tier.Log.WaitForAsync("action: peer_listen", "address: origin"));
        origin.Say(new TierMessage.Attend(TierRole.Client, "anna", ListOrder.Kept, 0, []));
        origin.Say(new TierMessage.Want([EntryName.Parse("a")]));
        origin.Say(new TierMessage.Listed());
        await origin.Heard.WaitForAsync<TierMessage.Listed>();
        origin.Say(new PeerMessage.Hold([]));
        origin.Say(new TierMessage.Ready());
        await edge.CameAsync(content.Chunk(0), 1);
        edge.Say(new PeerMessage.Hold([new Holding(content.Manifest.Id, new Bitfield(content.Manifest.ChunkCount))]));
        edge.Say(new PeerMessage.Decline([content.Chunk(0)]));
        for (int chunk = 1; chunk < content.Manifest.ChunkCount; chunk++)
        {
            await edge.CameAsync(content.Chunk(chunk), 1);
            edge.Say(new PeerMessage.Have([content.Chunk(chunk)]));
        }

        await edge.CameAsync(content.Chunk(0), 2);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_goes_on_changing_counts_as_gone_after_so_many_looks()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        (FetchResult result, int looks) = await FetchChangingAsync(tier, look => 1000 + look);
        Assert.Equal("a", Assert.Single(result.Unknown).Value);
        Assert.Empty(result.Files);
        Assert.Equal(MostLooks, looks);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_stays_empty_counts_as_that_after_so_many_looks()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        (FetchResult result, int looks) = await FetchChangingAsync(tier, _ => 0);
        Assert.Equal(0, Assert.Single(result.Files).Bytes);
        Assert.Empty(result.Unknown);
        Assert.Equal(MostLooks, looks);
        Assert.True(tier.IsSame("anna", "a"));
    }

    /// <summary>
    /// Fetches a file that is not what it was, and has a length of its own behind every look of the origin.
    /// </summary>
    private static async Task<(FetchResult Result, int Looks)> FetchChangingAsync(
        MemoryTier tier, Func<int, int> lengthAt)
    {
        tier.Put("a", 100_000);
        var settle = TimeSpan.FromSeconds(77);
        int looks = 0;
        var time = new WatchedTime(settle, () => tier.Scratch.Write("origin/a", 7, lengthAt(++looks)));
        Task<OriginResult> origin = tier.Origin(s_run, options => options with { Settle = settle }, time);
        await tier.Log.WaitForAsync("action: peer_listen");
        tier.Scratch.Write("origin/a", 7, lengthAt(0));
        FetchResult result = await tier.Fetch("anna", "a");
        Assert.True((await origin).IsComplete);
        return (result, looks);
    }
}
