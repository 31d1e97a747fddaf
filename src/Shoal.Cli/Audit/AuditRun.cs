using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Hosts.Audit;

namespace Shoal.Cli.Audit;

/// <summary>The work of <c>shoal audit</c>.</summary>
internal static class AuditRun
{
    public static async Task<int> RunAsync(
        AuditArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.LogFile);
        await using AuditHost host = await OpenAsync(
            arguments, screen.Output, log.Factory.CreateLogger("audit"), cancellation);
        await host.RunAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task<AuditHost> OpenAsync(
        AuditArguments arguments, TextWriter output, ILogger log, CancellationToken cancellation)
    {
        var options = new AuditOptions { Listen = arguments.Listen, Print = Print, IsMapped = arguments.IsMapped };
        try
        {
            return await AuditHost.OpenAsync(options, TimeProvider.System, log, cancellation);
        }
        catch (PortMapperException e)
        {
            throw new WorkFailedException($"shoal audit: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"--listen: {e.Message}", e);
        }

        void Print(IReadOnlyList<string> operations)
        {
            foreach (string operation in operations)
            {
                output.WriteLine(operation);
            }

            output.Flush();
        }
    }
}
