using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class ResumeTests
{
    [Fact]
    public async Task What_began_to_come_of_a_file_that_was_replaced_since_holds_nobody_up()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        await BeginAsync(swarm);
        swarm.Scratch.Write("anna/film.mkv", 2, 400_000);

        await Task.WhenAll(swarm.StartAll("anna", "bert", "cleo").Select(peer => peer.CompleteAsync()));

        string[] expected = swarm.Scratch.Look("anna");
        Assert.Single(expected);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
        Assert.Equal(expected, swarm.Scratch.Look("cleo"));
        Assert.Empty(Directory.EnumerateFiles(swarm.Scratch["bert/.shoal/incoming"]));
    }

    [Fact]
    public async Task What_began_to_come_goes_on_whoever_joins_first()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        int before = await BeginAsync(swarm);

        MemoryPeer bert = swarm.Start("bert", options => options with { Expect = 2 });
        await bert.Log.WaitForAsync("action: join");
        MemoryPeer anna = swarm.Start("anna");
        await bert.CompleteAsync();
        await anna.CompleteAsync();

        Assert.Equal(31 - before, bert.Log.Count("action: chunk_store"));
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task What_began_to_come_in_two_places_is_put_together_without_its_owner()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        var film = new ScriptedContent("film.mkv", Scratch.Bytes(1, 20 * 16 * 1024));
        ScriptedPeer zoe = await swarm.ScriptAsync("zoe", [film], expect: 3);
        MemoryPeer[] peers = [.. ((string[])["anna", "bert"]).Select(name =>
            swarm.Start(name, options => options with { Expect = 3, Patience = Limits.Run }))];
        await using (zoe)
        {
            // It vanishes when all of it is somewhere.
            await Limits.UntilAsync(
                () => peers.SelectMany(peer => peer.Log.All)
                    .Where(line => line.Contains("action: chunk_store", StringComparison.Ordinal))
                    .Select(line => ProcessSwarm.FieldOf(line, "chunk")).Distinct().Count() == 20,
                "all of it is out");
        }

        await Task.WhenAll(peers.Select(peer => peer.CompleteAsync()));
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        Assert.Single(swarm.Scratch.Look("bert"));
    }

    // Lets bert get a part of anna's film, which takes ten seconds as a whole; returns how many of its 31 chunks.
    private static async Task<int> BeginAsync(MemorySwarm swarm)
    {
        swarm.Scratch.Write("anna/film.mkv", 1, 4_000_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Expect = 2, UpLimit = 400_000 });
        MemoryPeer bert = swarm.Start("bert", options => options with { Expect = 2 });
        await bert.Log.WaitForAsync("action: chunk_store");
        await bert.StopAsync();
        Assert.IsType<SwarmOutcome.Stopped>((await bert.EndAsync()).Outcome);
        await anna.StopAsync();
        await anna.EndAsync();
        int stored = bert.Log.Count("action: chunk_store");
        Assert.InRange(stored, 1, 30);
        return stored;
    }
}
