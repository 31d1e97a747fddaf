using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Reports;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Tests.Cli;

public sealed class ReportTests
{
    private static readonly RunReport s_complete = new()
    {
        Swarm = "photos",
        Peer = "b",
        Exchange = new ExchangeReport(
            TimeSpan.FromMilliseconds(6_583.25), TimeSpan.FromMilliseconds(6_270), BoundSource.Declared,
            "download of every peer", 100_000_000,
            [
                PeerOf(1, "a", 6_400.5, 25_000_000),
                PeerOf(2, "b", 6_583.25, 75_000_000) with { UpCapacity = double.PositiveInfinity },
                PeerOf(3, "späte 海", null, 0) with { UpCapacity = 0, DownCapacity = 0 },
            ]),
        Files =
        [
            new FileReport("first.bin", 25_000_000, TimeSpan.FromSeconds(3.2),
                [new FileSource("a", 20_000_000), new FileSource("späte 海", 5_000_000)]),
            new FileReport("häuser/海.jpg", 0, TimeSpan.Zero, []),
        ],
    };

    private static readonly RunReport s_incomplete = s_complete with
    {
        Result = RunResult.Incomplete,
        Exchange = s_complete.Exchange! with { LowerBound = TimeSpan.Zero, Binding = "" },
        Files = [.. Enumerable.Range(1, 12).Select(i => new FileReport($"f{i:00}", 1_000 * i, TimeSpan.FromSeconds(i),
            [new FileSource("a", 1_000 * i)]))],
        Missing = [new MissingFile("lost\u001b[2J.bin", 3, 393_216, ["a", "c"]), new MissingFile("void", 1, 1, [])],
        Vanished = ["c"],
    };

    [Fact]
    public void A_complete_run_in_plain_lines() =>
        GoldenFile.Check("report-complete.txt", Shown(s_complete, isTerminal: false));

    [Fact]
    public void A_complete_run_on_a_terminal_without_colours() =>
        GoldenFile.Check("report-complete-terminal.txt", Shown(s_complete, isTerminal: true));

    [Fact]
    public void A_table_that_has_no_room_is_told_in_lines()
    {
        string shown = Shown(s_complete, isTerminal: true, width: 80);
        Assert.Contains("peer a: finish 6.4 s, owned 25 MB, sent 75 MB,", shown, StringComparison.Ordinal);
        Assert.Contains("│ file, the last first │", shown, StringComparison.Ordinal);
        shown = Shown(s_complete, isTerminal: true, width: 30);
        Assert.Contains("file first.bin: time 3.2 s,", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("│", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_complete_run_as_json() => GoldenFile.Check("report-complete.json", ReportFile.ToJson(s_complete));

    [Fact]
    public void An_incomplete_run_in_plain_lines() =>
        GoldenFile.Check("report-incomplete.txt", Shown(s_incomplete, isTerminal: false));

    [Fact]
    public void An_incomplete_run_as_json() =>
        GoldenFile.Check("report-incomplete.json", ReportFile.ToJson(s_incomplete));

    [Fact]
    public void A_run_that_ended_before_the_hub_could_tell()
    {
        var report = new RunReport { Swarm = "s", Result = RunResult.Stopped };
        Assert.StartsWith("swarm s: stopped", Shown(report, isTerminal: false), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ReportFile.ToJson(report));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("makespan_ms").ValueKind);
        Assert.Equal("stopped", json.RootElement.GetProperty("result").GetString());
    }

    [Fact]
    public void Colours_come_only_where_they_are_wanted()
    {
        Assert.Contains("\u001b[", Shown(s_complete, isTerminal: true, hasColor: true), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", Shown(s_incomplete, isTerminal: true), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_written_whole_and_replaces_an_older_one()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "new", "run.json");
        ReportFile.Write(path, s_incomplete);
        ReportFile.Write(path, s_complete);
        Assert.Equal(ReportFile.ToJson(s_complete), File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_report_that_was_written_can_be_read()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "run.json");
        foreach (RunReport report in new[] { s_complete, s_incomplete, new RunReport { Swarm = "s" } })
        {
            ReportFile.Write(path, report);
            Assert.Equal(ReportFile.ToJson(report), ReportFile.ToJson(ReportFile.Read(path)));
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_with_its_flag()
    {
        var failure = Assert.Throws<WorkFailedException>(() => ReportFile.Write("/proc/nope/run.json", s_complete));
        Assert.Contains("--report: /proc/nope/run.json", failure.Message, StringComparison.Ordinal);
    }

    private static PeerReport PeerOf(int id, string name, double? finish, long owned) => new(
        new PeerId(0, (ulong)id), name, finish is { } ms ? TimeSpan.FromMilliseconds(ms) : null, owned,
        new PeerTally(75_000_000, 75_000_000 + id, 262_144, id, 11_900_000, 11_950_000), 11_962_500, 11_962_500);

    private static string Shown(RunReport report, bool isTerminal, bool hasColor = false, int width = 120)
    {
        using var output = new StringWriter();
        ReportScreen.Show(
            new CommandScreen(output, output, isTerminal, isTerminal, hasColor, width), report);
        return output.ToString();
    }
}
