using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Idle;

/// <summary>The memory of a hub whose peers do nothing.</summary>
internal static class HubBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<int> peers = TypedOption.WithDefault(
            "--peers", "N", "How many idle peers join", WholeNumber.From(1, 4_000), "1000");
        Option<Duration> stay = TypedOption.WithDefault<Duration>(
            "--stay", "SECONDS", "How long they stay", Duration.TryParse, "15s");
        var command = new Command("hub", "The memory of a hub with idle peers.")
        {
            peers, stay, BenchOptions.RequiredProgram,
        };
        command.SetAction((result, cancellation) => HubMemory.RunAsync(
            result.GetRequiredValue(BenchOptions.RequiredProgram), result.GetValue(peers), result.GetValue(stay).Value,
            cancellation));
        return command;
    }
}
