using System.Collections.Immutable;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>Members that vanish, stall, come back, or were the only ones who had something.</summary>
public sealed class DepartureTests
{
    [Fact]
    public async Task A_member_that_vanished_incomplete_is_waited_for_and_named()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Expect = 3 });
        MemoryPeer bert = swarm.Start("bert", options => options with { Expect = 3 });
        await using ScriptedPeer zoe = await swarm.ScriptAsync("zoe", [], expect: 3);
        await anna.Log.WaitForAsync("action: start");
        await zoe.VanishAsync();

        PeerResult result = await anna.CompleteAsync();
        await bert.CompleteAsync();
        Assert.Equal(["zoe"], ((SwarmOutcome.Complete)result.Outcome).Vanished.Select(member => member.Name));
        Assert.True(anna.Log.Has("action: wait", "seconds: 2"), anna.Log.ToString());
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task A_member_that_left_on_purpose_is_not_waited_for()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Patience = Limits.Run });
        await using ScriptedPeer zoe = await swarm.ScriptAsync("zoe", []);
        await anna.Log.WaitForAsync("action: start");
        zoe.Hub.Send(new MemberMessage.Leave());

        PeerResult result = await anna.CompleteAsync();
        Assert.Empty(((SwarmOutcome.Complete)result.Outcome).Vanished);
    }

    [Fact]
    public async Task When_the_only_holder_is_gone_the_rest_comes_and_what_is_missing_is_said()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        var film = new ScriptedContent("film.mkv", Scratch.Bytes(7, 100_000));
        await using ScriptedPeer zoe = await swarm.ScriptAsync("zoe", [film], expect: 3);
        zoe.Serve = chunk => chunk.Index.Value < 3 ? film.BytesOf(chunk.Index) : null;
        MemoryPeer[] peers = [.. ImmutableArray.Create("anna", "bert").Select(
            name => swarm.Start(name, options => options with { Expect = 3 }))];
        await Task.WhenAll(peers.Select(peer => Limits.UntilAsync(
            () => peer.Log.Count("action: chunk_store", film.Manifest.Id.Brief) == 3, "three chunks are here")));
        await zoe.VanishAsync();

        foreach (MemoryPeer peer in peers)
        {
            var outcome = Assert.IsType<SwarmOutcome.Incomplete>((await peer.EndAsync()).Outcome);
            MissingContent missing = Assert.Single(outcome.Missing);
            Assert.Equal(film.Manifest.Id, missing.Content);
            Assert.Equal(film.Manifest.ChunkCount - 3, missing.MissingChunks);
            Assert.Equal(100_000 - (3 * film.Manifest.Layout.ChunkSize), missing.MissingBytes);
            Assert.Equal("film.mkv", Assert.Single(missing.Names).Value);
            Assert.Equal("zoe", Assert.Single(missing.Holders));
            Assert.Single(swarm.Scratch.Look(peer.Options.Name));
        }

        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task When_the_only_holder_comes_back_the_others_go_on()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("zoe/film.mkv", 1, 3_000_000);
        MemoryPeer zoe = swarm.Start("zoe", options => options with { Expect = 3, UpLimit = 400_000 });
        MemoryPeer[] others =
        [
            .. ImmutableArray.Create("anna", "bert").Select(
                name => swarm.Start(name, options => options with { Expect = 3, Patience = Limits.Run })),
        ];
        await others[0].Log.WaitForAsync("action: chunk_store");
        await zoe.StopAsync();
        Assert.IsType<SwarmOutcome.Stopped>((await zoe.EndAsync()).Outcome);

        MemoryPeer again = swarm.Start("zoe");
        await again.CompleteAsync();
        foreach (MemoryPeer other in others)
        {
            await other.CompleteAsync();
            Assert.Equal(23, other.Log.Count("action: chunk_store"));
            Assert.Equal(swarm.Scratch.Look("zoe"), swarm.Scratch.Look(other.Options.Name));
        }
    }

    [Fact]
    public async Task Who_says_nothing_more_delays_nobody_whose_chunks_exist_elsewhere()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        byte[] bytes = Scratch.Bytes(3, 2_000_000);
        var film = new ScriptedContent("film.mkv", bytes);
        swarm.Scratch.Write("anna/film.mkv", bytes);
        // Slow enough to be at work when the other source is there, too.
        MemoryPeer anna = swarm.Start("anna", options => options with
        {
            Expect = 3, ChunkSize = film.Manifest.Layout.ChunkSize, UpLimit = 1_000_000,
        });

        // It has everything, and sends nothing of it.
        await using ScriptedPeer zoe = await swarm.ScriptAsync("zoe", [film], expect: 3);
        zoe.Serve = _ => null;
        MemoryPeer bert = swarm.Start("bert", options => options with { Expect = 3 });
        await bert.Log.WaitForAsync("action: file", "name: film.mkv");

        // What was asked of it is taken elsewhere while it is a member like others, whom nobody has given up.
        Assert.True(bert.Log.Has("action: steal", "from: zoe"), bert.Log.ToString());
        Assert.False(bert.Log.Has("action: member_gone", "name: zoe"), bert.Log.ToString());
        Assert.False(bert.Log.Has("action: peer_disconnect", "name: zoe"), bert.Log.ToString());
        zoe.Hub.Send(new MemberMessage.Leave());
        await anna.CompleteAsync();
        await bert.CompleteAsync();
    }
}
