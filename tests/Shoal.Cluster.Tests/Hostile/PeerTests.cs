using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Cluster.Tests.Hostile;

/// <summary>Peers that say to another what no honest one says.</summary>
public sealed class PeerTests
{
    private static readonly PeerId s_zoe = new(0, 7);

    [Theory]
    [InlineData("7fffffff 01", "a Introduction frame of 2147483647 bytes")]
    [InlineData("00000000 10", "unknown frame type 0x10")]
    [InlineData("00000008 01 0000", "closed the connection during the introduction")]
    public async Task A_wrong_introduction(string bytes, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.GreetAsync(
            siege.Swarm.Network, siege.AnnaAddress, EndRole.Peer, EndRole.Peer);
        await link.SayAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        link.FinishSending();
        await link.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: accept | result: fail", reason);
        await siege.HoldsAsync();
    }

    [Fact]
    public async Task No_introduction()
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.GreetAsync(
            siege.Swarm.Network, siege.AnnaAddress, EndRole.Peer, EndRole.Peer);
        await link.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: accept | result: fail", "did not introduce itself in time");
        await siege.HoldsAsync();
    }

    [Theory]
    [InlineData("7fffffff 12", "a PeerRequest frame of 2147483647 bytes")]
    [InlineData("00500000 1f", "a PeerChunk frame of 5242880 bytes")]
    [InlineData("00000024 1f", "a chunk without bytes")]
    [InlineData("00000000 16", "unknown frame type 0x16")]
    [InlineData("00000000 28", "unknown frame type 0x28")]
    [InlineData("00000001 15", "a PeerAlive frame of 1 bytes")]
    public async Task Frames_that_are_none(string bytes, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.MeetAsync(siege.Swarm.Network, siege.AnnaAddress, s_zoe, siege.AnnaId);
        await link.SayAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        await link.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: peer_disconnect | result: fail", reason);
        await siege.HoldsAsync();
    }

    [Theory]
    [InlineData("00000024 12 0000", "stopped in the middle of a frame")]
    public async Task Frames_that_have_no_end(string bytes, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        using RawLink link = await RawLink.MeetAsync(siege.Swarm.Network, siege.AnnaAddress, s_zoe, siege.AnnaId);
        await link.SayAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        link.FinishSending();
        await link.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: peer_disconnect", reason);
        await siege.HoldsAsync();
    }

    [Fact]
    public async Task Nothing_after_its_introduction()
    {
        await using Siege siege = await Siege.BeginAsync(
            adjustPeer: options => options with { Silence = TimeSpan.FromSeconds(4) });
        using RawLink link = await RawLink.MeetAsync(siege.Swarm.Network, siege.AnnaAddress, s_zoe, siege.AnnaId);
        await link.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: peer_disconnect | result: fail", "it said nothing for 4 s");
        await siege.HoldsAsync();
    }

    [Fact]
    public Task A_bitfield_of_the_wrong_length() => OffendAsync(
        content => new PeerMessage.Hold([new Holding(content.Id, new Bitfield(content.ChunkCount + 1))]),
        "its bitfield has the wrong length");

    [Fact]
    public Task A_chunk_that_does_not_exist() => OffendAsync(
        content => new PeerMessage.Have([new ChunkRef(content.Id, new ChunkIndex(content.ChunkCount))]),
        "it named a chunk that does not exist");

    [Fact]
    public Task A_request_out_of_range() => OffendAsync(
        content => new PeerMessage.Request([new ChunkRef(content.Id, new ChunkIndex(content.ChunkCount))]),
        "it named a chunk that does not exist");

    [Fact]
    public Task A_flood_of_requests() => OffendAsync(
        content => new PeerMessage.Request(
            [.. Enumerable.Repeat(new ChunkRef(content.Id, new ChunkIndex(0)), 5000)]),
        "it had too many requests open");

    [Fact]
    public async Task Corrupt_chunks_are_fetched_elsewhere_and_their_sender_is_dropped_after_three()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        byte[] bytes = Scratch.Bytes(3, 1_000_000);
        var film = new ScriptedContent("film.mkv", bytes);
        swarm.Scratch.Write("anna/film.mkv", bytes);
        // He and anna reach each other when zoe has sent him all that she is let: else anna alone may be quick enough.
        MemoryPeer? bert = null;
        bool IsTooEarly() => bert?.Log.Has("chunk_store | result: fail", "count: 3") != true;
        MemoryPeer anna = swarm.Start(
            "anna", options => options with
            {
                Expect = 3, ChunkSize = film.Manifest.Layout.ChunkSize, UpLimit = 150_000,
            },
            host => host == "bert" && IsTooEarly());
        await using ScriptedPeer zoe = await swarm.ScriptAsync("zoe", [film], expect: 3);
        zoe.Serve = chunk => new byte[film.BytesOf(chunk.Index).Length];
        bert = swarm.Start(
            "bert", options => options with { Expect = 3 }, host => host == "anna" && IsTooEarly());

        await bert.CompleteAsync();
        await anna.CompleteAsync();
        for (int count = 1; count <= SwarmPeer.MostCorruptChunks; count++)
        {
            Assert.True(
                bert.Log.Has("chunk_store | result: fail", "from: zoe", $"count: {count}"), $"{count}: {bert.Log}");
        }

        Assert.True(bert.Log.Has("peer_disconnect | result: fail", "name: zoe", "corrupt"), bert.Log.ToString());
        Assert.Single(swarm.Scratch.Look("bert"));
        Assert.Equal(
            swarm.Scratch.Look("anna")[0].Split(' ')[1], swarm.Scratch.Look("bert")[0].Split(' ')[1]);
    }

    private static async Task OffendAsync(Func<Manifest, PeerMessage> words, string reason)
    {
        await using Siege siege = await Siege.BeginAsync();
        await using ScriptedPeer zoe = await siege.Swarm.ScriptAsync("zoe", []);
        Manifest manifest = (await zoe.Heard.WaitForAsync<HubMessage.Describe>()).Manifests.Single();
        ScriptedLink link = await zoe.LinkAsync(siege.AnnaId);
        link.Connection.Send(words(manifest));
        await link.Heard.EndedAsync();
        await siege.Anna.Log.WaitForAsync("action: peer_disconnect | result: fail", "name: zoe", reason);
        zoe.Hub.Send(new MemberMessage.Leave());
        await siege.HoldsAsync();
    }
}
