using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Hub;

namespace Shoal.Cli.Hub;

/// <summary>The work of <c>shoal hub</c>.</summary>
internal static class HubRun
{
    public static async Task<int> RunAsync(
        HubArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        var lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        await using LogOutput log = LogOutput.Start(lines, arguments.LogFile, TimeProvider.System);
        var options = new HubOptions
        {
            Listen = arguments.Listen, Key = arguments.Key.Load(), LentRate = arguments.Lend?.BytesPerSecond,
        };
        await using HubHost host = await OpenAsync(options, log.Factory.CreateLogger("hub"), cancellation);
        await host.RunAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task<HubHost> OpenAsync(HubOptions options, ILogger log, CancellationToken cancellation)
    {
        try
        {
            return await HubHost.OpenAsync(options, TimeProvider.System, log, cancellation);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"--listen: cannot listen at {options.Listen}: {e.Message}", e);
        }
    }
}
