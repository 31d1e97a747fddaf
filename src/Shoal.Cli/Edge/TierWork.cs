using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Common;

namespace Shoal.Cli.Edge;

/// <summary>What the work of origin, edge and client has alike: a log, and errors that people understand.</summary>
internal static class TierWork
{
    public static async Task<int> RunAsync(
        TierArguments arguments, CommandScreen screen, Func<ScreenLines, ILoggerFactory, Task<int>> work)
    {
        var lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        await using LogOutput log = LogOutput.Start(
            lines, arguments.Member.LogFile, TimeProvider.System, screen.Settings.LogLevel);
        screen.Settings.Log(log.Factory.CreateLogger("tier"));
        try
        {
            return await work(lines, log.Factory);
        }
        catch (Exception e) when (e is HostException or IOException)
        {
            lines.SetLive();
            throw new WorkFailedException(e.Message, e);
        }
    }
}
