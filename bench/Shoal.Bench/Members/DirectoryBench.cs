using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Members;

/// <summary>The rates of a directory.</summary>
internal static class DirectoryBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<int> connections = TypedOption.WithDefault(
            "--connections", "N", "How many connections at once", WholeNumber.From(1, 1_000), "64");
        Option<int> requests = TypedOption.WithDefault(
            "--requests", "N", "How many requests of every kind", WholeNumber.From(10, 1_000_000), "20000");
        Option<int> memory = TypedOption.WithDefault(
            "--memory-requests", "N", "How many more while the memory is watched", WholeNumber.From(1, 10_000_000),
            "100000");
        var command = new Command("directory", "What a hub's directory does in a second.")
        {
            connections,
            requests,
            memory,
            BenchOptions.RequiredProgram,
        };
        command.SetAction((result, cancellation) => DirectoryRates.RunAsync(
            new DirectoryShape(
                result.GetRequiredValue(BenchOptions.RequiredProgram), result.GetValue(connections),
                result.GetValue(requests), result.GetValue(memory)),
            cancellation));
        return command;
    }
}
