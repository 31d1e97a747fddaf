using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Tests.Relay;

namespace Shoal.Tests.Cli;

/// <summary>What <c>--trace</c> writes, <c>--check</c> judges from the file alone.</summary>
public sealed class RelayTraceTests : IDisposable
{
    private static readonly string[] s_right =
    [
        """{"start":0,"end":1,"link":1,"kind":"request","file":2,"chunk":0,"requester":1,"holder":2}""",
        """{"start":0,"end":2,"link":2,"kind":"request","file":1,"chunk":0,"requester":2,"holder":1}""",
        """{"start":1,"end":7,"link":1,"kind":"upload","file":1,"chunk":0,"requester":2,"holder":1}""",
    ];

    private readonly TemporaryFolder _folder = new();

    private string Trace => Path.Join(_folder.Path, "star.ndjson");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trace_has_a_line_an_occupation()
    {
        await RunAsync("--costs 6:0.6,7:0.7,8:0.8 --chunks 2", "--trace");
        GoldenFile.Check("relay.ndjson", File.ReadAllText(Trace));
    }

    [Fact]
    public async Task What_any_run_writes_keeps_every_rule_and_adds_up_to_the_same_figures()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            StarShape shape = Stars.Random(new DeterministicRandom(seed));
            string star = Describe(shape);
            string policy = ((StarPolicy)(seed % 3)).ToString().ToLowerInvariant();
            string run = await RunAsync($"{star} --policy {policy} --random-seed {seed}", "--trace");
            string check = await RunAsync(star, "--check");

            Assert.True(Figures(run) == Figures(check), $"random seed {seed}, {policy}, {star}:\n{run}\n{check}");
            Assert.All(File.ReadLines(Trace), line => Assert.Contains("\"holder\":", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_trace_that_somebody_tampered_with_is_refused_and_the_line_is_named()
    {
        const string Star = "--costs 6:0.6,7:0.7,8:0.8 --chunks 20";
        await RunAsync(Star + " --policy greedy", "--trace");
        string[] right = File.ReadAllLines(Trace);
        var random = new DeterministicRandom(1);
        for (int i = 0; i < 30; i++)
        {
            // A line that is gone is missed at the latest where something follows from it, or at the end.
            int at = random.Next(right.Length);
            File.WriteAllLines(Trace, [.. right[..at], .. right[(at + 1)..]]);
            string error = await RefusedAsync(Star);
            Assert.Matches("(, line [0-9]+ breaks a rule|breaks a rule at its end)\\. At ", error);
        }

        int upload = Array.FindIndex(right, line => line.Contains("\"upload\"", StringComparison.Ordinal));
        File.WriteAllLines(Trace, [.. right[..upload], right[upload], .. right[upload..]]);
        Assert.Contains($", line {upload + 2} breaks a rule. At ", await RefusedAsync(Star), StringComparison.Ordinal);
        File.WriteAllLines(Trace, right);
        Assert.Contains(
            ", line 3 breaks a rule. At 0 ms: Request of chunk",
            await RefusedAsync("--costs 6:0.6,7:0.7,8:0.9 --chunks 20"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is not an object with start, end,")]
    [InlineData("null", "it is not an object with start, end,")]
    [InlineData("{\"start\":0}", "it is not an object with start, end,")]
    [InlineData("\"kind\":\"request\"|\"kind\":\"Request\"", "'Request' is no kind")]
    [InlineData("\"kind\":\"request\"|\"kind\":\"2\"", "'2' is no kind")]
    [InlineData("\"start\":0|\"start\":-1", "a time is not in milliseconds")]
    [InlineData("\"end\":2|\"end\":2.0000001", "a time is not in milliseconds")]
    [InlineData("\"end\":2|\"end\":1e28", "a time is not in milliseconds")]
    [InlineData("\"end\":2|\"end\":\"2\"", "it is not an object with start, end,")]
    [InlineData("\"file\":1|\"file\":3", "this star has no chunk 0 of file 3")]
    [InlineData("\"file\":1|\"file\":0", "this star has no chunk 0 of file 0")]
    [InlineData("\"chunk\":0|\"chunk\":1", "this star has no chunk 1 of file 1")]
    [InlineData("\"chunk\":0|\"chunk\":0,\"colour\":1", "it is not an object with start, end,")]
    [InlineData("\"link\":2|\"link\":0", "names a peer or chunk that does not exist")]
    [InlineData("\"requester\":2|\"requester\":-2147483648", "names a peer or chunk that does not exist")]
    [InlineData("\"end\":2|\"end\":3", "does not take as long as it costs")]
    public async Task A_wrong_line_is_named(string change, string error)
    {
        string[] words = change.Split('|');
        string second = words.Length == 1
            ? change
            : s_right[1].Replace(words[0], words[1], StringComparison.Ordinal);
        File.WriteAllLines(Trace, [s_right[0], second, s_right[2]]);

        string told = await RefusedAsync("--costs 6:1,7:2 --chunks 1");
        Assert.Contains($"shoal: --check: {Trace}, line 2", told, StringComparison.Ordinal);
        Assert.Contains(error, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_that_ends_too_early_or_is_not_there_is_refused()
    {
        File.WriteAllLines(Trace, s_right[..2]);
        Assert.Contains(
            "breaks a rule at its end. At 2 ms: peer 1 still lacks 1 chunks",
            await RefusedAsync("--costs 6:1,7:2 --chunks 1"), StringComparison.Ordinal);
        File.Delete(Trace);
        string error = await RefusedAsync("--chunks 1");
        Assert.Contains($"--check: {Trace} cannot be read: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_waits_for_its_holder_but_not_for_ever()
    {
        StarSetup setup = StarSetup.Of(new StarShape { Costs = Stars.Costs("6:1,7:2"), Chunks = [0, 70_000] });
        using var stream = new MemoryStream();
        var writer = new StarTraceWriter(stream, setup);
        Occupation Request(int chunk) => new(
            OccupationKind.Request, 0, chunk, 0, -1, VirtualTime.Zero, new VirtualTime(1_000_000));
        for (int i = 0; i < StarTraceWriter.MostHeld; i++)
        {
            writer.Take(Request(i));
        }

        Assert.Equal(0, stream.Length);
        writer.Take(new Occupation(
            OccupationKind.Forward, 1, 1, 0, 1, new VirtualTime(1_000_000), new VirtualTime(3_000_000)));
        writer.Take(Request(2));
        writer.Flush();
        string[] lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(StarTraceWriter.MostHeld + 3, lines.Length);
        Assert.DoesNotContain("holder", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("\"chunk\":1,\"requester\":1,\"holder\":2}", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("holder", lines[2], StringComparison.Ordinal);
        Assert.Contains("forward", lines[^3], StringComparison.Ordinal);
    }

    /// <summary>Writes a file with the peers, and says the rest as options.</summary>
    private string Describe(StarShape shape)
    {
        string peers = Path.Join(_folder.Path, "peers.json");
        IEnumerable<string> objects = shape.Costs.Links.Zip(shape.Chunks, (link, chunks) => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"chunk_ms\": {Ms(link.Chunk)}, \"message_ms\": {Ms(link.Message)}, \"chunks\": {chunks}}}"));
        File.WriteAllText(peers, $"[{string.Join(", ", objects)}]");
        string mode = shape.Mode == StarMode.Strict ? "strict" : "fan-out";
        string charged = shape.Finished == FinishedCost.Charged ? "true" : "false";
        return $"--peers-file {peers} --mode {mode} --charge-finished {charged}";
    }

    private static decimal Ms(VirtualTime time) => time.Nanoseconds / 1_000_000m;

    private async Task<string> RunAsync(string options, string flag)
    {
        (int code, string output, string error) =
            await RelayCommandTests.Run($"simulate relay {options} {flag} {Trace}");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        return output;
    }

    private async Task<string> RefusedAsync(string options)
    {
        (int code, string output, string error) =
            await RelayCommandTests.Run($"simulate relay {options} --check {Trace}");
        Assert.Equal((ExitCode.Failed, ""), (code, output));
        return error;
    }

    // All but the first line, which says what was done.
    private static string Figures(string output) => output[output.IndexOf('\n', StringComparison.Ordinal)..];
}
