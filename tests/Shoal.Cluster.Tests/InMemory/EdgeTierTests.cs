using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Edge;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>An edge tier of real hosts and folders: every list ends with every file, whatever happens.</summary>
public sealed class EdgeTierTests
{
    private static readonly TierOptions s_run = new();

    [Fact(Timeout = Limits.Hang)]
    public async Task Clients_end_with_all_that_they_list_and_what_both_want_passes_an_edge_once()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        tier.Put("b", 50_000);
        tier.Put("c/d", 1);
        tier.Put("empty", 0);
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1, ExpectClients = 2 });
        Task<EdgeResult> edge = tier.Edge("edge", 1_000_000);
        Task<FetchResult> anna = tier.Fetch("anna", "a", "b", "empty");
        Task<FetchResult> ben = tier.Fetch("ben", "b", "c/d", "a");
        FetchResult[] fetched = await Task.WhenAll(anna, ben);
        Assert.All(fetched, result => Assert.Empty(result.Missing));
        Assert.All(["a", "b", "empty"], name => Assert.True(tier.IsSame("anna", name)));
        Assert.All(["a", "b", "c/d"], name => Assert.True(tier.IsSame("ben", name)));
        OriginResult result = await origin;
        Assert.True(result.IsComplete);
        Assert.Equal(result.DistinctKb, result.OriginKb);
        Assert.Equal((2, 2), (Assert.Single(result.Edges).Hits, result.Edges[0].Misses));
        Assert.True((await edge).IsComplete);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task Names_that_come_twice_count_once_and_those_that_are_unknown_are_told()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 20_000);
        Task<OriginResult> origin = tier.Origin(s_run);
        FetchResult result = await tier.Fetch("anna", "a", "no such", "a");
        Assert.Equal("a", Assert.Single(result.Files).Name.Value);
        Assert.Equal("no such", Assert.Single(result.Unknown).Value);
        Assert.True((await origin).IsComplete);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_glob_names_all_files_like_it()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a.mp4", 20_000);
        tier.Put("b.mp4", 30_000);
        tier.Put("c.txt", 10);
        Task<OriginResult> origin = tier.Origin(s_run);
        FetchResult result = await tier.Fetch("anna", [new FetchWish.Like("*.mp4")]);
        Assert.Equal(["a.mp4", "b.mp4"], result.Files.Select(file => file.Name.Value));
        await origin;
    }

    [Theory(Timeout = Limits.Hang)]
    [InlineData(0)]
    [InlineData(99_999)]
    public async Task What_is_larger_than_the_capacity_passes_the_edge_by(long capacity)
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1, ExpectClients = 2 });
        Task<EdgeResult> edge = tier.Edge("edge", capacity);
        await Task.WhenAll(tier.Fetch("anna", "a"), tier.Fetch("ben", "a"));
        Assert.True(tier.IsSame("anna", "a") && tier.IsSame("ben", "a"));
        Assert.Equal(0, (await edge).PeakBytes);
        Assert.Equal(1600, (await origin).OriginKb);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task An_edge_finds_again_what_it_held()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        await tier.HoldAsync("edge", "a");
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1 });
        Task<EdgeResult> edge = tier.Edge("edge", 100_000);
        FetchResult result = await tier.Fetch("anna", "a");
        Assert.True(tier.IsSame("anna", "a"));
        Assert.Equal("edge", Assert.Single(result.Files).From);
        Assert.Equal(0, (await origin).OriginKb);
        Assert.Equal(100_000, (await edge).SentBytes);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task What_an_edge_sends_wrongly_is_found_by_its_hash_and_taken_from_the_origin()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        await tier.HoldAsync("edge", "a");
        tier.Spoil("edge");
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1 });
        _ = tier.Edge("edge", 100_000);
        FetchResult result = await tier.Fetch("anna", "a");
        Assert.True(tier.IsSame("anna", "a"));
        Assert.Equal("origin", Assert.Single(result.Files).From);
        Assert.Equal(800, (await origin).OriginKb);
        Assert.True(tier.Log.Has("action: delivery | result: fail", "wrong hash"));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_changes_at_the_origin_comes_as_it_is_now_and_never_mixed()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectClients = 2 });
        await tier.Log.WaitForAsync("action: peer_listen");
        tier.Scratch.Write("origin/a", 7, 90_000);
        File.SetLastWriteTimeUtc(tier.Scratch["origin/a"], DateTime.UtcNow);
        await Task.WhenAll(tier.Fetch("anna", "a"), tier.Fetch("ben", "a"));
        Assert.True(tier.IsSame("anna", "a") && tier.IsSame("ben", "a"));
        Assert.True((await origin).IsComplete);
        Assert.True(tier.Log.Has("action: content_change"));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_changes_while_an_edge_fills_it_is_nowhere_mixed()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 2_000_000);
        tier.Put("b", 50_000);
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1, ExpectClients = 2 });
        _ = tier.Edge("edge", 3_000_000);
        Task<FetchResult> anna = tier.Fetch("anna", "a", "b");
        await tier.Log.WaitForAsync("action: attend | result: success | role: edge");
        tier.Line.Let(100_000);
        Task<FetchResult> ben = tier.Fetch("ben", "b", "a");
        await tier.Log.WaitForAsync("action: fill | result: in_progress");
        // Nobody has all of the old file: no more than a twentieth of it has passed the valve.
        tier.Scratch.Write("origin/a", 7, 900_000);
        tier.Line.Let(ValveTransport.Wide);
        FetchResult[] fetched = await Task.WhenAll(anna, ben);
        Assert.All(fetched, result => Assert.Empty(result.Missing));
        Assert.All(fetched, result => Assert.Empty(result.Unknown));
        Assert.True(tier.IsSame("anna", "a") && tier.IsSame("ben", "a"));
        Assert.True(tier.IsSame("anna", "b") && tier.IsSame("ben", "b"));
        Assert.True((await origin).IsComplete);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_is_only_touched_comes_as_it_is()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        Task<OriginResult> origin = tier.Origin(s_run);
        await tier.Log.WaitForAsync("action: peer_listen");
        File.SetLastWriteTimeUtc(tier.Scratch["origin/a"], DateTime.UtcNow);
        Assert.Equal("a", Assert.Single((await tier.Fetch("anna", "a")).Files).Name.Value);
        Assert.True(tier.IsSame("anna", "a"));
        Assert.True((await origin).IsComplete);
        Assert.True(tier.Log.Has("action: content_change | result: success"));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_is_still_being_written_is_waited_for()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        Task<OriginResult> origin =
            tier.Origin(s_run, options => options with { Settle = TimeSpan.FromSeconds(1) });
        await tier.Log.WaitForAsync("action: peer_listen");
        tier.Scratch.Write("origin/a", 7, 0);
        Task<FetchResult> anna = tier.Fetch("anna", "a");
        // What is empty counts as that in twenty seconds from here at the earliest.
        await tier.Log.WaitForAsync("action: content_change | result: in_progress");
        tier.Scratch.Write("origin/a", 7, 90_000);
        Assert.Empty((await anna).Unknown);
        Assert.True(tier.IsSame("anna", "a"));
        Assert.True((await origin).IsComplete);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task Clients_take_a_file_from_an_edge_that_still_receives_it()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        (Task<OriginResult> origin, Task<FetchResult> anna, Task<FetchResult> ben) = await TakingAsync(tier);
        Assert.False(anna.IsCompleted || ben.IsCompleted);
        tier.Line.Let(ValveTransport.Wide);
        foreach (FetchResult fetched in await Task.WhenAll(anna, ben))
        {
            Assert.Equal("edge", Assert.Single(fetched.Files).From);
        }

        Assert.True(tier.IsSame("anna", "a") && tier.IsSame("ben", "a"));
        OriginResult result = await origin;
        Assert.Equal(16_000, result.OriginKb);
        Assert.Equal((1, 1), (Assert.Single(result.Edges).Hits, result.Edges[0].Misses));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task What_clients_take_of_a_fill_that_breaks_they_get_otherwise()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        (Task<OriginResult> origin, Task<FetchResult> anna, Task<FetchResult> ben) = await TakingAsync(tier);
        await tier.StopEdgesAsync();
        foreach (FetchResult fetched in await Task.WhenAll(anna, ben))
        {
            Assert.Equal("origin", Assert.Single(fetched.Files).From);
        }

        Assert.True(tier.IsSame("anna", "a") && tier.IsSame("ben", "a"));
        Assert.True((await origin).IsComplete);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_is_gone_at_the_origin_is_told_as_unknown()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        tier.Put("b", 10_000);
        Task<OriginResult> origin = tier.Origin(s_run);
        await tier.Log.WaitForAsync("action: peer_listen");
        File.Delete(tier.Scratch["origin/a"]);
        FetchResult result = await tier.Fetch("anna", "a", "b");
        Assert.Equal("a", Assert.Single(result.Unknown).Value);
        Assert.Equal("b", Assert.Single(result.Files).Name.Value);
        Assert.True((await origin).IsComplete);
    }

    /// <summary>Two clients that take a file from an edge that has received a twentieth of it so far.</summary>
    private static async Task<(Task<OriginResult> Origin, Task<FetchResult> Anna, Task<FetchResult> Ben)> TakingAsync(
        MemoryTier tier)
    {
        tier.Put("a", 2_000_000);
        Task<OriginResult> origin = tier.Origin(s_run with { ExpectEdges = 1, ExpectClients = 2 });
        _ = tier.Edge("edge", 3_000_000);
        Task<FetchResult> anna = tier.Fetch("anna", "a");
        string attended = await tier.Log.WaitForAsync("action: attend | result: success | role: edge");
        // The edge hears of it after the clients, and then receives a twentieth of it until one of them has a chunk.
        tier.Line.Let(0);
        Task<FetchResult> ben = tier.Fetch("ben", "a");
        await tier.Log.WaitForAsync("action: delivery | result: in_progress", "to: here");
        tier.Line.Let(100_000);
        await tier.Log.WaitForAsync("action: chunk_store", $"from: {ProcessSwarm.FieldOf(attended, "peer")}");
        return (origin, anna, ben);
    }
}
