using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Core.Exchange;

namespace Shoal.Cli.Reports;

/// <summary>A report in plain lines, for programs and files that take what a command prints.</summary>
internal static class ReportLines
{
    /// <summary>No more files than this are listed on the console; the JSON has all.</summary>
    public const int MostFiles = 10;

    /// <summary>No more missing files than this are listed on the console; the JSON has all.</summary>
    public const int MostMissing = 20;

    /// <summary>The whole report.</summary>
    public static IEnumerable<string> Of(RunReport report) =>
    [
        .. Heading(report),
        .. PeersOf(report).Select(peer => Row("peer", peer.Name, PeerColumns, CellsOf(peer))),
        .. SlowestFiles(report).Select(file => Row("file", file.Name, FileColumns, CellsOf(file))),
        .. Rest(report),
    ];

    /// <summary>A row of a table as a line.</summary>
    /// <param name="kind">What the table is about.</param>
    /// <param name="name">Whose row it is.</param>
    /// <param name="columns">The columns behind the name.</param>
    /// <param name="cells">What stands in them.</param>
    public static string Row(string kind, string name, IReadOnlyList<string> columns, string[] cells) =>
        $"{kind} {Name(name)}: {string.Join(", ", cells.Zip(columns, (cell, column) => $"{column} {cell}"))}";

    /// <summary>The figures of the whole run, the makespan always beside its bound.</summary>
    public static IEnumerable<string> Heading(RunReport report)
    {
        yield return $"swarm {Name(report.Swarm)}: {report.Result switch
        {
            RunResult.Complete when report.Peer is null => "every member has every file",
            RunResult.Complete => "every file is here",
            RunResult.Incomplete => "NOT complete: nobody here has what is missing",
            _ => "stopped before every member had everything",
        }}";
        if (report.Exchange is { } exchange)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"makespan {new Duration(exchange.Makespan)}, lower bound {BoundOf(exchange)}");
            if (report.Clock is { } clock)
            {
                string bound = clock.Ratio is { } ratio
                    ? string.Create(CultureInfo.InvariantCulture, $"{clock.LowerBound}, ratio {ratio:0.000000}")
                    : "unknown, because members went";
                yield return $"by the system clock: makespan {clock.Makespan}, lower bound {bound}";
            }

            yield return $"contents {new ByteSize(exchange.ContentBytes)}, members {exchange.Peers.Length}";
        }
    }

    /// <summary>The members' lines.</summary>
    public static IEnumerable<PeerReport> PeersOf(RunReport report) => report.Exchange is { } e ? e.Peers : [];

    /// <summary>The columns behind a member's name.</summary>
    public static IReadOnlyList<string> PeerColumns { get; } =
        ["finish", "owned", "sent", "received", "relayed", "wasted", "rejected", "up", "down"];

    /// <summary>What stands in them.</summary>
    public static string[] CellsOf(PeerReport peer) =>
    [
        peer.Finish is { } finish ? new Duration(finish).ToString() : "not complete",
        new ByteSize(peer.OwnedBytes).ToString(),
        new ByteSize(peer.Tally.BytesSent).ToString(),
        new ByteSize(peer.Tally.BytesReceived).ToString(),
        new ByteSize(peer.Tally.RelayedReceived).ToString(),
        new ByteSize(peer.Tally.BytesWasted).ToString(),
        peer.Tally.ChunksRejected.ToString(CultureInfo.InvariantCulture),
        RateOf(peer.UpCapacity),
        RateOf(peer.DownCapacity),
    ];

    /// <summary>The columns behind a file's name.</summary>
    public static IReadOnlyList<string> FileColumns { get; } = ["time", "size", "from"];

    /// <summary>What stands in them.</summary>
    public static string[] CellsOf(FileReport file) =>
    [
        new Duration(file.Time).ToString(),
        new ByteSize(file.Bytes).ToString(),
        file.From.IsEmpty
            ? "nobody"
            : string.Join(" + ", file.From.Select(part => $"{Name(part.Peer)} {new ByteSize(part.Bytes)}")),
    ];

    /// <summary>The files that were complete last.</summary>
    public static IEnumerable<FileReport> SlowestFiles(RunReport report) =>
        report.Files.OrderByDescending(file => file.Time).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Take(MostFiles);

    /// <summary>What follows the tables: what was left out, what is missing, who vanished.</summary>
    public static IEnumerable<string> Rest(RunReport report)
    {
        if (report.Files.Length > MostFiles)
        {
            yield return $"and {report.Files.Length - MostFiles} files that came sooner (--report FILE has them all)";
        }

        foreach (MissingFile missing in report.Missing.Take(MostMissing))
        {
            string who = missing.Holders.IsEmpty ? "nobody was known to have it" : $"{Names(missing.Holders)} had it";
            yield return $"missing {Name(missing.Name)}: {Counted.Of(missing.MissingChunks, "chunk")}, "
                + $"{new ByteSize(missing.MissingBytes)}; {who}";
        }

        if (report.Missing.Length > MostMissing)
        {
            yield return $"and {report.Missing.Length - MostMissing} more are missing (--report FILE has them all)";
        }

        if (!report.Vanished.IsEmpty)
        {
            yield return $"vanished before they had everything: {Names(report.Vanished)}";
        }
    }

    private static string BoundOf(ExchangeReport exchange) => exchange.Ratio is { } ratio
        ? string.Create(CultureInfo.InvariantCulture,
            $"{new Duration(exchange.LowerBound)} ({SourceOf(exchange.BoundSource)}), ratio {ratio:0.000}, "
            + $"binding: {Name(exchange.Binding)}")
        : "unknown (no capacity was declared or seen), ratio unknown";

    private static string SourceOf(BoundSource source) => source switch
    {
        BoundSource.Declared => "declared",
        BoundSource.Simulated => "simulated",
        _ => "estimated, not proven",
    };

    private static string RateOf(double bytesPerSecond) =>
        bytesPerSecond > 0 ? new BitRate(bytesPerSecond).ToString() : "unknown";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Name));

    private static string Name(string name) => TextWidth.Clean(name);
}
