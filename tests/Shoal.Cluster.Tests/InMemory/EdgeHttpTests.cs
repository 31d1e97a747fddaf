using System.Net;
using System.Net.Http.Headers;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Edge;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>Ordinary programs fetch from an edge over HTTP what the catalogue has.</summary>
public sealed class EdgeHttpTests
{
    private const int Chunk = ChunkLayout.SmallestSize;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limits.Hang)]
    public async Task A_hundred_who_ask_at_once_cause_one_fill()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 300_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(1_000_000);
        byte[][] got = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetByteArrayAsync("/a", Stop)));
        Assert.All(got, bytes => Assert.Equal(tier.Bytes("a"), bytes));
        Assert.Equal(2400, (await tier.StopAsync(origin)).OriginKb);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_has_its_length_its_tag_and_its_ranges()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("films/a b%.mp4", 100_000);
        tier.Put("empty", 0);
        _ = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(1_000_000);
        const string Path = "/films/a%20b%25.mp4";
        byte[] bytes = tier.Bytes("films/a b%.mp4");

        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Path), Stop);
        Assert.Equal(100_000, head.Content.Headers.ContentLength);
        Assert.Equal(["bytes"], head.Headers.AcceptRanges);
        Assert.Equal("shoal; fwd=uri-miss", Assert.Single(head.Headers.GetValues("Cache-Status")));
        EntityTagHeaderValue tag = head.Headers.ETag!;
        Assert.Matches("^\"[0-9a-f]{64}\"$", tag.Tag);

        foreach ((long? from, long? to) in new (long?, long?)[]
            { (0, 0), (Chunk - 1, Chunk), (50_000, null), (null, 1), (99_999, 200_000) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path);
            request.Headers.Range = new RangeHeaderValue(from, to);
            using HttpResponseMessage part = await client.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            int first = (int)(from ?? 100_000 - to!.Value);
            int end = (int)Math.Min((from is null ? null : to + 1) ?? 100_000, 100_000);
            Assert.Equal(bytes[first..end], await part.Content.ReadAsByteArrayAsync(Stop));
            Assert.Equal(end - first, part.Content.Headers.ContentLength);
        }

        using var known = new HttpRequestMessage(HttpMethod.Get, Path);
        known.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(known, Stop)).StatusCode);
        using var beyond = new HttpRequestMessage(HttpMethod.Get, Path);
        beyond.Headers.Range = new RangeHeaderValue(100_000, null);
        Assert.Equal(
            HttpStatusCode.RequestedRangeNotSatisfiable, (await client.SendAsync(beyond, Stop)).StatusCode);

        // Who has read all of it knows that all of it is here, and not only what the ranges were in.
        Assert.Equal(bytes, await client.GetByteArrayAsync(Path, Stop));
        using HttpResponseMessage again = await client.GetAsync(Path, Stop);
        Assert.Equal("shoal; hit", Assert.Single(again.Headers.GetValues("Cache-Status")));
        Assert.Equal(bytes, await again.Content.ReadAsByteArrayAsync(Stop));
        Assert.Empty(await client.GetByteArrayAsync("/empty", Stop));
        foreach (string name in new[] { "/", "/no/such", "/.shoal/x", "/films" })
        {
            using HttpResponseMessage none = await client.GetAsync(name, Stop);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
            string text = await none.Content.ReadAsStringAsync(Stop);
            Assert.Contains("catalogue has no file", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(Path, null, Stop)).StatusCode);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_is_read_while_it_still_comes_and_a_range_before_its_turn()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 4_000_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(5_000_000);
        byte[] bytes = tier.Bytes("a");
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/a"), Stop);
        tier.Line.Let(5 * Chunk);
        using HttpResponseMessage response =
            await client.GetAsync("/a", HttpCompletionOption.ResponseHeadersRead, Stop);
        await using Stream body = await response.Content.ReadAsStreamAsync(Stop);
        byte[] first = new byte[3 * Chunk];
        await body.ReadExactlyAsync(first, Stop);
        Assert.Equal(bytes[..first.Length], first);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/a");
        request.Headers.Range = new RangeHeaderValue(null, 1000);
        Task<HttpResponseMessage> last = client.SendAsync(request, Stop);
        // The fill has nearly four million bytes to go. What is ahead of the edge already comes first, and no more.
        for (int let = 0; let < 3_000_000 && !last.IsCompleted; let += 4 * Chunk)
        {
            tier.Line.Let(4 * Chunk);
            await Task.WhenAny(last, Task.Delay(200, Stop));
        }

        Assert.True(last.IsCompleted, "the range waits for its turn");
        using HttpResponseMessage part = await last;
        Assert.Equal(bytes[^1000..], await part.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal("shoal; fwd=uri-miss; collapsed", Assert.Single(part.Headers.GetValues("Cache-Status")));

        tier.Line.Let(ValveTransport.Wide);
        byte[] rest = new byte[bytes.Length - first.Length];
        await body.ReadExactlyAsync(rest, Stop);
        Assert.Equal(bytes[first.Length..], rest);
        Assert.Equal(32_000, (await tier.StopAsync(origin)).OriginKb);
    }

    [Theory(Timeout = Limits.Hang)]
    [InlineData(0)]
    [InlineData(999_999)]
    public async Task What_is_larger_than_the_capacity_passes_by_once_for_all_who_read_it_together(long capacity)
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 1_000_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(capacity);
        byte[][] got = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetByteArrayAsync("/a", Stop)));
        Assert.All(got, bytes => Assert.Equal(tier.Bytes("a"), bytes));
        Assert.Empty(Directory.GetFiles(Path.Join(tier.Scratch["edge"], ".shoal", "incoming")));
        Assert.InRange((await tier.StopAsync(origin)).OriginKb, 8000, 8062);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task Who_hangs_up_costs_nobody_anything()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 2_000_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(3_000_000);
        using (HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/a"), Stop))
        {
            tier.Line.Let(5 * Chunk);
        }

        for (int i = 0; i < 3; i++)
        {
            HttpResponseMessage response = await client.GetAsync("/a", HttpCompletionOption.ResponseHeadersRead, Stop);
            await using Stream body = await response.Content.ReadAsStreamAsync(Stop);
            await body.ReadExactlyAsync(new byte[Chunk], Stop);
            response.Dispose();
        }

        tier.Line.Let(ValveTransport.Wide);
        Assert.Equal(tier.Bytes("a"), await client.GetByteArrayAsync("/a", Stop));
        Assert.Equal(16_000, (await tier.StopAsync(origin)).OriginKb);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task Without_an_origin_what_is_held_is_served_and_all_else_is_refused_or_broken_off()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("here", 100_000);
        tier.Put("half", 2_000_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(
            3_000_000, options => options with { StallLimit = TimeSpan.FromSeconds(2) });
        Assert.Equal(100_000, (await client.GetByteArrayAsync("/here", Stop)).Length);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/half"), Stop);
        tier.Line.Let(5 * Chunk);
        using HttpResponseMessage response =
            await client.GetAsync("/half", HttpCompletionOption.ResponseHeadersRead, Stop);
        await tier.StopAsync(origin);
        tier.Line.Let(ValveTransport.Wide);
        await tier.Log.WaitForAsync("action: origin_disconnect | result: fail");

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(tier.Bytes("here"), await client.GetByteArrayAsync("/here", Stop));
        foreach (string name in new[] { "/half", "/never/seen" })
        {
            using HttpResponseMessage refused = await client.GetAsync(name, Stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains(
                "origin cannot be reached", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task Who_reads_while_the_origin_is_started_again_reads_on()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 2_000_000);
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(3_000_000);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/a"), Stop);
        tier.Line.Let(5 * Chunk);
        Task<byte[]> reading = client.GetByteArrayAsync("/a", Stop);
        await tier.Log.WaitForAsync("action: fill | result: in_progress");
        await tier.StopAsync(origin);
        tier.Line.Let(ValveTransport.Wide);
        _ = tier.Origin(new TierOptions());
        Assert.Equal(tier.Bytes("a"), await reading);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_file_that_changes_at_the_origin_is_broken_off_and_whole_under_another_tag_the_next_time()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 4_000_000);
        _ = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(5_000_000);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/a"), Stop);
        tier.Line.Let(5 * Chunk);
        using HttpResponseMessage before = await client.GetAsync("/a", HttpCompletionOption.ResponseHeadersRead, Stop);
        tier.Scratch.Write("origin/a", 7, 900_000);
        tier.Line.Let(ValveTransport.Wide);
        await Assert.ThrowsAnyAsync<Exception>(() => before.Content.ReadAsByteArrayAsync(Stop));
        await tier.Log.WaitForAsync("action: content_change | result: success");
        using HttpResponseMessage after = await client.GetAsync("/a", Stop);
        Assert.Equal(tier.Bytes("a"), await after.Content.ReadAsByteArrayAsync(Stop));
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task A_copy_that_is_broken_on_the_disk_is_found_and_filled_again()
    {
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        await tier.HoldAsync("edge", "a");
        tier.Spoil("edge");
        Task<OriginResult> origin = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(100_000);
        Assert.Equal(tier.Bytes("a"), await client.GetByteArrayAsync("/a", Stop));
        Assert.Equal(800, (await tier.StopAsync(origin)).OriginKb);
        Assert.True(tier.Log.Has("action: hold | result: fail"));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task An_edge_counts_what_it_is_asked_for_and_what_it_brings()
    {
        using var meters = new Meters();
        await using MemoryTier tier = await MemoryTier.BeginAsync();
        tier.Put("a", 100_000);
        tier.Put("large", 300_000);
        _ = tier.Origin(new TierOptions());
        using HttpClient client = await tier.HttpAsync(100_000, options => options with { Meters = meters });
        await client.GetByteArrayAsync("/a", Stop);
        await client.GetByteArrayAsync("/a", Stop);
        await client.GetByteArrayAsync("/large", Stop);
        await client.GetAsync("/no such", Stop);
        meters.Observe();
        Assert.Equal(1, meters.Sum("shoal.edge.requests", "{request}", "hit"));
        Assert.Equal(2, meters.Sum("shoal.edge.requests", "{request}", "miss"));
        Assert.Equal(1, meters.Sum("shoal.edge.requests", "{request}", "unknown"));
        Assert.Equal(100_000, meters.Sum("shoal.edge.payload", "By", "fill"));
        Assert.Equal(300_000, meters.Sum("shoal.edge.payload", "By", "pass"));
        Assert.Equal(100_000, meters.Sum("shoal.edge.held", "By"));
    }
}
