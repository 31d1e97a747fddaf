using Shoal.Hosts.Peer;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;

namespace Shoal.Cli.Progress;

/// <summary>Turns the snapshots of a join into lines: keeps the rates between them.</summary>
internal sealed class ProgressLines
{
    // "  1.18 MB of 3.45 MB" behind the percents, and the last column, which stays free.
    private const int FiguresColumns = 26;
    private const int FewestNameColumns = 10;

    private readonly RateMeter _done = new();
    private readonly RateMeter _sent = new();
    private readonly RateMeter _received = new();
    private readonly RateMeter _all = new();
    private PeerPhase? _phase;

    /// <summary>Takes a snapshot.</summary>
    /// <param name="now">Time since any fixed moment.</param>
    /// <param name="progress">The snapshot.</param>
    public void Add(TimeSpan now, PeerProgress progress)
    {
        // Hashing and receiving count different bytes, at different speeds.
        if (_phase != progress.Phase)
        {
            _done.Restart();
            _phase = progress.Phase;
        }

        _done.Add(now, progress.DoneBytes);
        _sent.Add(now, progress.BytesSent);
        _received.Add(now, progress.BytesReceived);
        _all.Add(now, progress.AllDoneBytes);
    }

    /// <summary>One line that says it all, for where nobody looks.</summary>
    public string Summary(PeerProgress progress) => string.Join(", ", Totals(progress));

    /// <summary>Lines for a screen: one for each of a few contents, then the summary.</summary>
    /// <param name="progress">The last snapshot taken.</param>
    /// <param name="width">The columns of a line.</param>
    public IReadOnlyList<string> Screen(PeerProgress progress, int width)
    {
        var lines = new List<string>();

        // The figures say more than a bar, where there is no room for both.
        const int BarColumns = ProgressBar.Columns + 1;
        bool hasBar = width >= FewestNameColumns + BarColumns + FiguresColumns;
        int nameColumns = Math.Clamp(width - FiguresColumns - (hasBar ? BarColumns : 0), FewestNameColumns, 60);
        foreach (ContentProgress content in progress.Active.Take(PeerProgress.MostActive))
        {
            double share = content.TotalBytes > 0 ? (double)content.DoneBytes / content.TotalBytes : 1;
            lines.Add(
                $"{TextWidth.FitEnds(content.Name, nameColumns)} {(hasBar ? ProgressBar.Of(share) + " " : "")}"
                + $"{ProgressBar.Percent(share),4}  "
                + $"{new ByteSize(content.DoneBytes)} of {new ByteSize(content.TotalBytes)}");
        }

        int others = progress.TotalContents - progress.DoneContents - lines.Count;
        if (others > 0 && lines.Count > 0)
        {
            lines.Add($"and {others} more on their way or to come");
        }

        lines.AddRange(Totals(progress));
        return lines;
    }

    private string[] Totals(PeerProgress progress) => progress.Phase switch
    {
        PeerPhase.Hashing =>
        [
            $"reading the folder: {Share(progress)}, {FilesOf(progress)}, {new ByteSize((long)_done.PerSecond)}/s, "
            + $"{Left(_done.TimeFor(Missing(progress)))} left",
        ],
        PeerPhase.Connecting => ["connecting to the hub"],
        PeerPhase.Waiting when progress.ExpectedMembers > 0 =>
            [$"waiting for the start: {progress.Members} of {progress.ExpectedMembers} members are here"],
        PeerPhase.Waiting => ["waiting for another member"],
        PeerPhase.Searching => ["looking for the origin"],
        PeerPhase.Ordered => ["waiting for the origin to begin"],
        PeerPhase.Fetching =>
        [
            $"total: {Share(progress)}, {FilesOf(progress)}, down {new BitRate(_received.PerSecond)}, "
            + $"{Left(_done.TimeFor(Missing(progress)))} left",
        ],
        PeerPhase.Exchanging =>
        [
            $"total: {Share(progress)}, {FilesOf(progress)}, {Rates()}, {Left(_done.TimeFor(Missing(progress)))} left",
            AllMembers(progress),
        ],
        PeerPhase.Serving => [$"everything is here; serving the others: {Rates()}", AllMembers(progress)],
        PeerPhase.Comparing =>
        [
            $"comparing with the file that is here: {Share(progress)}, {new ByteSize((long)_done.PerSecond)}/s, "
            + $"{Left(_done.TimeFor(Missing(progress)))} left",
        ],
        _ when Missing(progress) > 0 =>
            [$"total: {Share(progress)}, {FilesOf(progress)}, nobody here has the rest; waiting for who has it"],
        _ => [$"everything is here; waiting for members that vanished, {Rates()}"],
    };

    private string Rates() => $"up {new BitRate(_sent.PerSecond)}, down {new BitRate(_received.PerSecond)}";

    // Until the hub has counted, it knows of fewer bytes for all than one of them lacks.
    private string AllMembers(PeerProgress progress) =>
        progress.Members == 0 || progress.AllTotalBytes < progress.TotalBytes
        ? "all members: not known yet"
        : $"all members: {Left(_all.TimeFor(progress.AllTotalBytes - progress.AllDoneBytes))} left"
            + $" ({progress.CompleteMembers} of {progress.Members} complete)";

    private static long Missing(PeerProgress progress) => progress.TotalBytes - progress.DoneBytes;

    private static string FilesOf(PeerProgress progress) =>
        $"{progress.DoneContents} of {Counted.Of(progress.TotalContents, "file")}";

    private static string Share(PeerProgress progress) =>
        $"{ProgressBar.Percent(progress.TotalBytes > 0 ? (double)progress.DoneBytes / progress.TotalBytes : 1)}"
        + $" of {new ByteSize(progress.TotalBytes)}";

    private static string Left(TimeSpan? time) => time is { } known
        ? known == TimeSpan.Zero ? "nothing" : new Duration(known).ToWait()
        : "unknown time";
}
