using System.Globalization;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Relay;

namespace Shoal.Cli.Simulate;

/// <summary>The figures of simulated stars, for people.</summary>
internal static class StarRunLines
{
    private const int MostPeers = ExchangeRunLines.MostPeers;

    // More would not fit into a line; the JSON has all.
    private const int MostFiles = 5;

    /// <summary>One run.</summary>
    public static IEnumerable<string> Of(StarRun run)
    {
        bool hasFiles = run.Peers.Length <= MostFiles;
        IEnumerable<string> files = hasFiles ? run.Peers.Select((_, i) => $"file {i + 1} ms") : ["last file ms"];
        return
        [
            $"makespan     {run.Makespan}",
            $"lower bound  {run.Bound}",
            $"ratio        {Ratio(run)}",
            $"mean chunk   {run.MeanChunk}",
            "",
            .. Listed(
                run, ["peer", "busy ms", "served", "received", "mean chunk ms", .. files],
                peer =>
                [
                    Fixed(peer.Busy), Count(peer.ChunksServed), Count(peer.ChunksReceived), Fixed(peer.MeanChunk),
                    .. hasFiles ? peer.Files.Select(FileEnd) : [FileEnd(peer.Files.Max())],
                ]),
        ];
    }

    /// <summary>Several policies side by side.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<(StarPolicy Policy, StarRun Run)> runs) =>
    [
        .. TextColumns.Align(
        [
            ["policy", "makespan ms", "ratio", "mean chunk ms"],
            ["lower bound", Fixed(runs[0].Run.Bound), "", ""],
            .. runs.Select(run => (string[])
            [
                NameOf(run.Policy), Fixed(run.Run.Makespan), Ratio(run.Run), Fixed(run.Run.MeanChunk),
            ]),
        ]),
        "",
        .. Listed(
            runs[0].Run, ["served", .. runs.Select(run => NameOf(run.Policy))],
            (_, i) => [.. runs.Select(run => Count(run.Run.Peers[i].ChunksServed))]),
    ];

    private static IEnumerable<string> Listed(
        StarRun run, IReadOnlyList<string> header, Func<StarPeerTally, IReadOnlyList<string>> cells) =>
        Listed(run, header, (peer, _) => cells(peer));

    private static IEnumerable<string> Listed(
        StarRun run, IReadOnlyList<string> header, Func<StarPeerTally, int, IReadOnlyList<string>> cells)
    {
        foreach (string line in TextColumns.Align(
            [header, .. run.Peers.Take(MostPeers).Select((peer, i) => (string[])[$"peer {i + 1}", .. cells(peer, i)])]))
        {
            yield return line;
        }

        if (run.Peers.Length > MostPeers)
        {
            yield return $"and {run.Peers.Length - MostPeers} more (--json has them all)";
        }
    }

    private static string NameOf(StarPolicy policy) => policy.ToString().ToLowerInvariant();

    private static string Ratio(StarRun run) =>
        run.Ratio?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "none";

    private static string FileEnd(VirtualTime end) => end == VirtualTime.Zero ? "own" : Fixed(end);

    private static string Fixed(VirtualTime time) => time.Milliseconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
