using Shoal.Hosts.Peer;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;

namespace Shoal.Tests.Cli;

public sealed class ProgressTests : IDisposable
{
    private readonly StringWriter _writer = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_screen_shows_a_line_a_content_and_the_total()
    {
        var lines = new ProgressLines();
        lines.Add(TimeSpan.Zero, Exchanging(0));
        lines.Add(TimeSpan.FromSeconds(1), Exchanging(50_000_000));
        Assert.Equal(
            [
                "film.mkv                                                ██████████░░░░░░░░░░  50%  50 MB of 100 MB",
                "häuser/海.jpg                                           ████████████████████ 100%  0 B of 0 B",
                "and 7 more on their way or to come",
                "total: 25% of 200 MB, 1 of 10 files, up 200 Mbit/s, down 400 Mbit/s, 3 s left",
                "all members: 2 s left (1 of 4 complete)",
            ],
            lines.Screen(Exchanging(50_000_000), 102));
    }

    [Fact]
    public void A_narrow_screen_has_no_bars_and_goes_on_in_the_next_line()
    {
        var lines = new ProgressLines();
        lines.Add(TimeSpan.Zero, Exchanging(0));
        lines.Add(TimeSpan.FromSeconds(1), Exchanging(50_000_000));
        var screen = new ScreenLines(_writer, isTerminal: true, 40);
        screen.SetLive(lines.Screen(Exchanging(50_000_000), 40));
        Assert.Equal(
            [
                "film.mkv        50%  50 MB of 100 MB",
                "häuser/海.jpg  100%  0 B of 0 B",
                "and 7 more on their way or to come",
                "total: 25% of 200 MB, 1 of 10 files,",
                "up 200 Mbit/s, down 400 Mbit/s,",
                "3 s left",
                "all members: 2 s left (1 of 4 complete)",
            ],
            Lines());
    }

    [Fact]
    public void Ten_thousand_files_take_a_few_lines()
    {
        var lines = new ProgressLines();
        PeerProgress progress = Exchanging(1) with
        {
            TotalContents = 10_000,
            Active = [.. Enumerable.Range(0, 500).Select(i => new ContentProgress($"f{i}", 4_096, 0))],
        };
        lines.Add(TimeSpan.Zero, progress);
        Assert.Equal(PeerProgress.MostActive + 3, lines.Screen(progress, 80).Count);
    }

    [Theory]
    [InlineData(PeerPhase.Hashing, "reading the folder: 25% of 200 MB, 1 of 10 files, 50 MB/s, 3 s left")]
    [InlineData(PeerPhase.Connecting, "connecting to the hub")]
    [InlineData(PeerPhase.Searching, "looking for the origin")]
    [InlineData(PeerPhase.Ordered, "waiting for the origin to begin")]
    [InlineData(PeerPhase.Fetching, "total: 25% of 200 MB, 1 of 10 files, down 400 Mbit/s, 3 s left")]
    [InlineData(PeerPhase.Waiting, "waiting for the start: 4 of 5 members are here")]
    [InlineData(PeerPhase.Serving, "everything is here; serving the others: up 200 Mbit/s, down 400 Mbit/s, "
        + "all members: 2 s left (1 of 4 complete)")]
    [InlineData(PeerPhase.Patience, "total: 25% of 200 MB, 1 of 10 files, nobody here has the rest; "
        + "waiting for who has it")]
    [InlineData(PeerPhase.Comparing, "comparing with the file that is here: 25% of 200 MB, 50 MB/s, 3 s left")]
    public void Each_phase_has_its_line(object phase, string expected)
    {
        var lines = new ProgressLines();
        lines.Add(TimeSpan.Zero, Exchanging(0) with { Phase = (PeerPhase)phase });
        lines.Add(TimeSpan.FromSeconds(1), Exchanging(50_000_000) with { Phase = (PeerPhase)phase });
        PeerProgress now = Exchanging(50_000_000) with { Phase = (PeerPhase)phase, ExpectedMembers = 5 };
        Assert.Equal(expected, lines.Summary(now));
    }

    [Fact]
    public void Who_has_everything_waits_for_others_to_get_it()
    {
        var lines = new ProgressLines();
        PeerProgress now = Exchanging(200_000_000) with { Phase = PeerPhase.Patience };
        lines.Add(TimeSpan.Zero, now);
        Assert.StartsWith(
            "everything is here; waiting for members that vanished", lines.Summary(now), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_begin_alike_are_told_apart_where_there_is_little_room()
    {
        var lines = new ProgressLines();
        PeerProgress progress = Exchanging(1) with
        {
            Active =
            [
                new("IMG_2026-11-27_0001.jpg", 3_450_000, 1_180_000),
                new("IMG_2026-11-27_0002.jpg", 3_450_000, 0),
                new("海海海海海海海海海海.jpg", 3_450_000, 0),
            ],
        };
        lines.Add(TimeSpan.Zero, progress);
        Assert.Equal(
            [
                "IMG_202…01.jpg  34%  1.18 MB of 3.45 MB",
                "IMG_202…02.jpg   0%  0 B of 3.45 MB",
                "海海海…海.jpg    0%  0 B of 3.45 MB",
            ],
            lines.Screen(progress, 40).Take(3));
    }

    [Fact]
    public void Nobody_knows_the_time_left_when_nothing_moves()
    {
        var lines = new ProgressLines();
        lines.Add(TimeSpan.Zero, Exchanging(50_000_000));
        lines.Add(TimeSpan.FromSeconds(1), Exchanging(50_000_000));
        Assert.Contains("unknown time left, all members: unknown", lines.Summary(Exchanging(50_000_000)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_has_not_told_yet_is_not_known()
    {
        PeerProgress early = Exchanging(1) with { Members = 0, AllTotalBytes = 0, AllDoneBytes = 0 };
        var lines = new ProgressLines();
        lines.Add(TimeSpan.Zero, early);
        Assert.EndsWith("all members: not known yet", lines.Summary(early), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_called_complete_that_lacks_a_byte()
    {
        var lines = new ProgressLines();
        PeerProgress nearly = Exchanging(199_999_999);
        lines.Add(TimeSpan.Zero, nearly);
        Assert.Contains("total: 99% of 200 MB", lines.Summary(nearly), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_is_that_of_the_last_seconds_and_starts_anew_with_the_count()
    {
        var meter = new RateMeter();
        for (int second = 0; second <= 20; second++)
        {
            meter.Add(TimeSpan.FromSeconds(second), second <= 10 ? 0 : (second - 10) * 100);
        }

        Assert.Equal(100, meter.PerSecond);
        Assert.Equal(TimeSpan.FromSeconds(5), meter.TimeFor(500));
        meter.Add(TimeSpan.FromSeconds(21), 0);
        Assert.Equal(0, meter.PerSecond);
        Assert.Null(meter.TimeFor(500));
        Assert.Equal(TimeSpan.Zero, meter.TimeFor(0));
    }

    [Fact]
    public void Where_nobody_looks_a_line_comes_every_few_seconds_and_at_each_phase()
    {
        var display = new ProgressDisplay(new ScreenLines(_writer, isTerminal: false, 80), _time);
        for (int i = 0; i < 41; i++)
        {
            display.Show(Exchanging(i) with { Phase = i == 0 ? PeerPhase.Waiting : PeerPhase.Exchanging });
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        display.End();
        string[] lines = Lines();
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("waiting", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.StartsWith("total: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', _writer.ToString());
    }

    [Fact]
    public void Where_nobody_looks_a_line_that_says_nothing_new_comes_once()
    {
        var display = new ProgressDisplay(new ScreenLines(_writer, isTerminal: false, 80), _time);
        for (int i = 0; i < 10; i++)
        {
            display.Show(Exchanging(0) with { Phase = PeerPhase.Connecting });
            _time.Advance(ProgressDisplay.PlainInterval);
        }

        display.End();
        Assert.Equal(["connecting to the hub"], Lines());
    }

    [Fact]
    public void On_a_terminal_lines_that_stay_go_above_the_live_ones()
    {
        var screen = new ScreenLines(_writer, isTerminal: true, 80);
        screen.SetLive("one", "two");
        screen.WriteLine("stays");
        screen.SetLive();
        Assert.Equal(
            "one\ntwo\n\r\u001b[2A\u001b[Jstays\none\ntwo\n\r\u001b[2A\u001b[J",
            _writer.ToString().Replace(Environment.NewLine, "\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_live_line_is_cut_to_the_width_of_the_screen()
    {
        var screen = new ScreenLines(_writer, isTerminal: true, 10);
        screen.SetLive("0123456789abc", "海海海海海海", "ok\u001b[2J\u202E");
        Assert.Equal(["01234567…", "海海海海…", "ok?[2J?"], Lines());
    }

    [Fact]
    public void Words_go_on_in_the_next_line_where_no_comma_is()
    {
        var screen = new ScreenLines(_writer, isTerminal: true, 40);
        screen.SetLive("waiting for the start: 2 of 2 members are here");
        Assert.Equal(["waiting for the start: 2 of 2 members", "are here"], Lines());
    }

    private string[] Lines() =>
        _writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static PeerProgress Exchanging(long done) => new()
    {
        Phase = PeerPhase.Exchanging,
        TotalBytes = 200_000_000,
        DoneBytes = done,
        TotalContents = 10,
        DoneContents = 1,
        Active = [new("film.mkv", 100_000_000, done), new("häuser/海.jpg", 0, 0)],
        BytesReceived = done,
        BytesSent = done / 2,
        AllTotalBytes = 800_000_000,
        AllDoneBytes = 500_000_000 + (2 * done),
        Members = 4,
        CompleteMembers = 1,
    };
}
