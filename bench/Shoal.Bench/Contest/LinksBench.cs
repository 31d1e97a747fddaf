using System.CommandLine;
using System.Globalization;
using Shoal.Bench.Pump;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Contest;

/// <summary>Exchanges over shaped links, beside their lower bound.</summary>
internal static class LinksBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<ByteSize> size = BenchOptions.Size("25MB");
        var prefix = new Option<string>("--namespaces")
        {
            HelpName = "PREFIX",
            Required = true,
            Description = "Peer K runs in the network namespace PREFIXK, at 10.77.0.K; the bench itself at 10.77.0.254",
        };
        Option<BitRate> rate = TypedOption.WithDefault<BitRate>(
            "--rate", "RATE", "The payload rate of every link", BitRate.TryParse, "95.7Mbit");
        Option<BitRate?> slowUp = TypedOption.Optional<BitRate>(
            "--slow-up", "RATE", "The payload rate of the last peer's uplink", BitRate.TryParse);
        var command = new Command("links", "Every peer ends with every file, over shaped links.")
        {
            size,
            prefix,
            rate,
            slowUp,
            ContestOptions.Peers,
            BenchOptions.Rounds,
            ContestOptions.Longest,
            ContestOptions.Program,
            ContestOptions.Only,
        };
        command.SetAction((result, cancellation) =>
        {
            int peers = result.GetValue(ContestOptions.Peers);
            BitRate slow = result.GetValue(slowUp) ?? result.GetValue(rate);
            LinkRates[] declared = [.. Enumerable.Range(0, peers).Select(peer => new LinkRates(
                TextOf(peer == peers - 1 ? slow : result.GetValue(rate)), TextOf(result.GetValue(rate))))];
            List<IContestant> contestants = [new PumpContestant()];
            ContestRun.AddPrograms(contestants, result, declared);
            double bound = BoundOf(
                result.GetValue(size).Bytes, peers, result.GetValue(rate).BytesPerSecond, slow.BytesPerSecond);
            return ContestRun.RunAsync(
                result, new ArenaShape(result.GetValue(size).Bytes, result.GetRequiredValue(prefix)), contestants,
                null, bound, cancellation);
        });
        return command;
    }

    // The bound of all to all, full duplex: own bytes out, foreign bytes in, and all copies through all
    // uplinks.
    private static double BoundOf(double bytes, int peers, double rate, double slow)
    {
        double all = bytes * peers;
        double up = (rate * (peers - 1)) + slow;
        return Math.Max(Math.Max(bytes / slow, (all - bytes) / rate), (peers - 1) * all / up);
    }

    private static string TextOf(BitRate rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate.BytesPerSecond * 8:0}bit");
}
