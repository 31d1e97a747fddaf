using System.CommandLine;
using Shoal.Bench.Pump;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Contest;

/// <summary>The raw pump alone.</summary>
internal static class PumpBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<ByteSize> size = BenchOptions.Size("64MB");
        var command = new Command("pump", "The raw pump alone.")
        {
            size, ContestOptions.Peers, BenchOptions.Rounds, ContestOptions.Longest,
        };
        command.SetAction((result, cancellation) => ContestRun.RunAsync(
            result, new ArenaShape(result.GetValue(size).Bytes, null), [new PumpContestant()], "raw pump with SHA-256",
            null, cancellation));
        return command;
    }
}
