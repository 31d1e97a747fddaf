using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Docs;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The demo as somebody sees it who runs it first: right, and nothing left afterwards.</summary>
public sealed class DemoTests : IDisposable
{
    // Half a minute where nothing else runs; two dozen processes come and go.
    private static readonly TimeSpan s_all = TimeSpan.FromMinutes(6);

    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task It_shows_all_jobs_and_each_is_right()
    {
        string report = _scratch["demo.json"];
        await using ShoalProcess demo = ShoalProcess.Start(
            "demo", "demo", "--size", "4MB", "--report", report, "--keep", _scratch["kept"]);
        Assert.True(await demo.EndAsync(s_all) == 0, demo.Output.ToString());

        using JsonDocument results = JsonDocument.Parse(await File.ReadAllTextAsync(report, Stop));
        Assert.True(results.RootElement.GetProperty("is_right").GetBoolean());
        JsonElement[] jobs = [.. results.RootElement.GetProperty("jobs").EnumerateArray()];
        Assert.Equal(
            ["exchange", "relay", "edge", "directory", "lottery"],
            jobs.Select(job => job.GetProperty("job").GetString()));
        Assert.All(jobs, job =>
        {
            Assert.True(job.GetProperty("makespan_ms").GetDouble() > 0);
            Assert.True(job.GetProperty("lower_bound_ms").GetDouble() > 0);
            Assert.NotEmpty(job.GetProperty("checks").EnumerateArray());
            Assert.Empty(job.GetProperty("problems").EnumerateArray());
        });
        Assert.All(jobs[..3], job => Assert.Equal("declared", job.GetProperty("bound_source").GetString()));

        DemoPicture.Check(demo.Output.All);

        // What it says of the files, the log and the draw is so.
        Assert.Equal(
            new FileInfo(_scratch["kept/exchange/peer1/peer4.bin"]).Length,
            new FileInfo(_scratch["kept/relay/peer4/peer1.bin"]).Length);
        Assert.Equal(
            await File.ReadAllBytesAsync(_scratch["kept/directory/anna/film.bin"], Stop),
            await File.ReadAllBytesAsync(_scratch["kept/directory/bert/copy.bin"], Stop));
        Assert.Equal(100_000, File.ReadLines(_scratch["kept/lottery/export.csv"]).Count());
        Assert.Contains(
            "relay: Always", await File.ReadAllTextAsync(_scratch["kept/relay/logs/peer4.log"], Stop),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task One_job_ends_with_a_page_of_results()
    {
        await using ShoalProcess demo = ShoalProcess.Start("demo", "demo", "lottery");
        await demo.ExpectAsync(0);
        Assert.True(demo.Output.Has("lottery: 25 winners, each told to its agency alone"), demo.Output.ToString());
        Assert.True(demo.Output.Has("lottery: 100,000 bets stored, each once"), demo.Output.ToString());
        Assert.True(demo.Output.Has("Everything is right"), demo.Output.ToString());
    }

    [Theory]
    [InlineData("exchange", 2)]
    [InlineData("relay", 15)]
    [InlineData("edge", 2)]
    [InlineData("directory", 15)]
    [InlineData("lottery", 2)]
    public async Task Stopped_in_the_middle_it_leaves_no_process_and_no_file(string job, int signal)
    {
        string temporary = _scratch.Folder("tmp");
        await using ShoalProcess demo = ShoalProcess.Start(
            "demo", [("TMPDIR", temporary)], ["demo", job, "--size", "20MB", "--link", "1Mbit"]);
        await demo.Output.WaitForAsync("listens at");
        await Limits.UntilAsync(() => Of(temporary).Length > 0 || demo.HasEnded, "its processes run");
        demo.Send((ShoalProcess.Signal)signal);
        await demo.ExpectAsync(1);
        Assert.True(demo.Output.Has("stopped before the work was done"), demo.Output.ToString());
        Assert.Empty(Of(temporary));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Killed_it_takes_its_processes_with_it()
    {
        string temporary = _scratch.Folder("tmp");
        await using ShoalProcess demo = ShoalProcess.Start(
            "demo", [("TMPDIR", temporary)], ["demo", "exchange", "--size", "2MB", "--link", "1Mbit"]);
        await demo.Output.WaitForAsync("listens at");
        await Limits.UntilAsync(() => Of(temporary).Length == 5, "a hub and four peers run");
        await demo.KillAsync();
        await Limits.UntilAsync(() => Of(temporary).Length == 0, "they have ended");
    }

    [Fact]
    public async Task With_one_part_broken_it_says_which_and_fails()
    {
        string temporary = _scratch.Folder("tmp");
        await using ShoalProcess demo = ShoalProcess.Start(
            "demo", [("TMPDIR", temporary)], ["demo", "exchange", "--size", "20MB", "--link", "1Mbit"]);
        await Limits.UntilAsync(() => Of(temporary, "--name\0peer2").Length > 0 || demo.HasEnded, "peer2 runs");
        using (var peer = Process.GetProcessById(Assert.Single(Of(temporary, "--name\0peer2"))))
        {
            peer.Kill();
        }

        await demo.ExpectAsync(1);
        Assert.True(demo.Output.Has("exchange: WRONG: peer2 ended with exit code 137"), demo.Output.ToString());
        Assert.True(demo.Output.Has("shoal: NOT everything is right"), demo.Output.ToString());
        Assert.Empty(Of(temporary));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    /// <summary>The processes whose command line names something below a folder, and has a part.</summary>
    private static int[] Of(string folder, string part = "") =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit))
            .Where(path => CommandLine(path) is var line
                && line.Contains(folder, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal))
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
