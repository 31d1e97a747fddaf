using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>The figures of simulated runs, for people.</summary>
internal static class ExchangeRunLines
{
    /// <summary>More peers than these are not listed one by one on the console; the JSON has all.</summary>
    public const int MostPeers = 100;

    /// <summary>One run.</summary>
    public static IEnumerable<string> Of(ExchangeRun run, ScenarioArguments arguments) =>
    [
        $"makespan     {BoundText.Seconds(run.Makespan.Seconds)}",
        .. BoundText.Lines(run.Bound, arguments.SiteNames),
        $"ratio        {Ratio(run)}",
        "",
        .. Listed(
            arguments,
            ["peer", "finish", "sent", "received", "wasted", "rejected", "up", "down"],
            i => Cells(run.Peers[i], arguments.Scenario.Peers[i].Link)),
    ];

    /// <summary>Several policies side by side.</summary>
    public static IEnumerable<string> Of(
        IReadOnlyList<(PickPolicy Policy, ExchangeRun Run)> runs, ScenarioArguments arguments) =>
    [
        .. TextColumns.Align(
        [
            ["policy", "makespan", "ratio", "sent", "wasted"],
            .. runs.Select(run => (IReadOnlyList<string>)
            [
                run.Policy.ToString().ToLowerInvariant(),
                BoundText.Seconds(run.Run.Makespan.Seconds),
                Ratio(run.Run),
                Bytes(run.Run.Peers.Sum(peer => peer.BytesSent)),
                Bytes(run.Run.Peers.Sum(peer => peer.BytesWasted)),
            ]),
        ]),
        "",
        .. BoundText.Lines(runs[0].Run.Bound, arguments.SiteNames),
        $"direct only  {BoundText.Seconds(MakespanBound.Direct(arguments.Shape).Seconds)} at best, if nobody forwards",
        "",
        .. Listed(
            arguments,
            ["finish", .. runs.Select(run => run.Policy.ToString().ToLowerInvariant())],
            i => [.. runs.Select(run => BoundText.Seconds(run.Run.Peers[i].Finish.Seconds))]),
    ];

    private static IEnumerable<string> Listed(
        ScenarioArguments arguments, IReadOnlyList<string> header, Func<int, IReadOnlyList<string>> cells)
    {
        int count = arguments.Scenario.Peers.Length;
        foreach (string line in TextColumns.Align(
            [header, .. Enumerable.Range(0, Math.Min(count, MostPeers))
                .Select(i => (string[])[$"peer {i + 1}", .. cells(i)])]))
        {
            yield return line;
        }

        if (count > MostPeers)
        {
            yield return $"and {count - MostPeers} more (--json has them all)";
        }
    }

    private static string[] Cells(PeerRun peer, PeerLink link) =>
    [
        BoundText.Seconds(peer.Finish.Seconds),
        Bytes(peer.BytesSent),
        Bytes(peer.BytesStored),
        Bytes(peer.BytesWasted),
        peer.ChunksRejected.ToString(CultureInfo.InvariantCulture),
        new BitRate(link.Up).ToString(),
        link.IsHalfDuplex ? "shared" : new BitRate(link.Down).ToString(),
    ];

    private static string Ratio(ExchangeRun run) =>
        run.Ratio?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "none";

    private static string Bytes(long bytes) => new ByteSize(bytes).ToString();
}
