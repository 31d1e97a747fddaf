using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Cli.Reports;
using Shoal.Core.Exchange;

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

    /// <summary>What the figures mean, in a sentence.</summary>
    public static string Conclusion(ExchangeReport exchange)
    {
        string finish = $"Every peer had every file after {new Duration(exchange.Makespan)}.";
        if (exchange.Ratio is not { } ratio)
        {
            return $"{finish} How close that is to the limit is not known: no capacity was declared or seen.";
        }

        string bound = new Duration(exchange.LowerBound).ToString();
        string times = ratio.ToString("0.000", CultureInfo.InvariantCulture);
        return exchange.BoundSource == BoundSource.Declared
            ? $"{finish} These links allow no less than {bound}, proven: {times} times the limit."
            : $"{finish} The rates that were seen allow about {bound}, which proves nothing; give --link RATE for a "
                + "proof.";
    }
}
