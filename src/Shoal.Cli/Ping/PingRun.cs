using System.Diagnostics;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Hosts.Common;

namespace Shoal.Cli.Ping;

/// <summary>The work of <c>shoal ping</c>.</summary>
internal static class PingRun
{
    public static async Task<int> RunAsync(
        PingArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        if (await DoorPing.AskAsync(arguments.Address, arguments.Patience, TimeProvider.System, cancellation)
            is { } reason)
        {
            throw new WorkFailedException($"{arguments.Address} does not answer: {reason}.");
        }

        screen.Output.WriteLine(
            $"{arguments.Address} answers after {new Duration(Stopwatch.GetElapsedTime(begin))}");
        return ExitCode.Done;
    }
}
