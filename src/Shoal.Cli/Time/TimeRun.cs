using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Hosts.Http;
using Shoal.Hosts.Time;

namespace Shoal.Cli.Time;

/// <summary>The work of <c>shoal time</c>.</summary>
internal static class TimeRun
{
    public static async Task<int> RunAsync(
        TimeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.LogFile);
        await using HttpHost host = await OpenAsync(arguments, log.Factory.CreateLogger("time"), cancellation);
        await host.RunAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task<HttpHost> OpenAsync(
        TimeArguments arguments, ILogger log, CancellationToken cancellation)
    {
        try
        {
            return await HttpHost.OpenAsync(
                new HttpOptions { Listen = arguments.Listen }, [TimeRoutes.Of(TimeProvider.System)], log,
                cancellation);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"--listen: {e.Message}", e);
        }
    }
}
