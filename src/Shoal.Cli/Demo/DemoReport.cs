using Shoal.Cli.Reports;

namespace Shoal.Cli.Demo;

/// <summary>One report of a demo, out of those of its peers.</summary>
internal static class DemoReport
{
    /// <summary>
    /// Puts the peers' reports together: the run as the hub saw it, and each file until its last copy.
    /// </summary>
    public static RunReport Merge(IReadOnlyList<RunReport> reports) => new()
    {
        Swarm = reports[0].Swarm,
        Exchange = reports.Select(report => report.Exchange).FirstOrDefault(exchange => exchange is not null) is { } run
            ? run with { Peers = [.. run.Peers.OrderBy(peer => peer.Name.Length)
                .ThenBy(peer => peer.Name, StringComparer.Ordinal)] }
            : null,
        Files =
        [
            .. reports.SelectMany(report => report.Files).GroupBy(file => file.Name).Select(copies => new FileReport(
                copies.Key, copies.First().Bytes, copies.Max(copy => copy.Time),
                [
                    .. copies.SelectMany(copy => copy.From).GroupBy(source => source.Peer)
                        .Select(source => new FileSource(source.Key, source.Sum(part => part.Bytes)))
                        .OrderByDescending(source => source.Bytes)
                        .ThenBy(source => source.Peer, StringComparer.Ordinal),
                ])),
        ],
    };
}
