using System.CommandLine;
using Shoal.Bench.Pump;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Contest;

/// <summary>Exchanges over loopback, where only processors and memory limit them.</summary>
internal static class ExchangeBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<ByteSize> size = BenchOptions.Size("500MB");
        var command = new Command("exchange", "Every peer ends with every file, over loopback.")
        {
            size,
            ContestOptions.Peers,
            BenchOptions.Rounds,
            ContestOptions.Longest,
            ContestOptions.Program,
            ContestOptions.Only,
        };
        command.SetAction((result, cancellation) =>
        {
            List<IContestant> contestants = [new CopyContestant(), new PumpContestant()];
            ContestRun.AddPrograms(contestants, result, []);
            return ContestRun.RunAsync(
                result, new ArenaShape(result.GetValue(size).Bytes, null), contestants, "raw pump with SHA-256", null,
                cancellation);
        });
        return command;
    }
}
