using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Relayed;

/// <summary>What a relay takes of the hub.</summary>
internal static class RelayBench
{
    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<int> peers = TypedOption.WithDefault("--peers", "N", "How many peers", WholeNumber.From(2, 200), "100");
        Option<int> owners = TypedOption.WithDefault(
            "--owners", "N", "How many of them have a file", WholeNumber.From(1, 200), "4");
        Option<ByteSize> size = BenchOptions.Size("5MB");
        Option<BitRate?> slowDown = TypedOption.Optional<BitRate>(
            "--slow-down", "RATE", "The downlink of the last peer", BitRate.TryParse);
        var command = new Command("relay", "What a relay takes of the hub.")
        {
            peers, owners, size, slowDown, BenchOptions.RequiredProgram,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var shape = new RelayedShape(
                result.GetValue(peers), Math.Min(result.GetValue(owners), result.GetValue(peers)),
                result.GetValue(size).Bytes, result.GetValue(slowDown)?.BytesPerSecond);
            await RelayedSwarm.RunAsync(result.GetRequiredValue(BenchOptions.RequiredProgram), shape, cancellation);
        });
        return command;
    }
}
