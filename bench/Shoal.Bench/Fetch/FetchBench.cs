using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Fetch;

/// <summary>Files from a user's machine, beside what a web door gives.</summary>
internal static class FetchBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<ByteSize> size = BenchOptions.Size("500MB");
        var command = new Command("fetch", "Files from a user's machine, one and four at once, beside nginx.")
        {
            size, BenchOptions.Rounds, BenchOptions.RequiredProgram,
        };
        command.SetAction((result, cancellation) => FetchRace.RunAsync(
            result.GetRequiredValue(BenchOptions.RequiredProgram), result.GetValue(size).Bytes,
            result.GetValue(BenchOptions.Rounds), cancellation));
        return command;
    }
}
