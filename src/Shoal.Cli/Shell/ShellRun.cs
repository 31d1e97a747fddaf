using System.Text;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Hosts.User;

namespace Shoal.Cli.Shell;

/// <summary>The work of <c>shoal shell</c>.</summary>
internal static class ShellRun
{
    public static async Task<int> RunAsync(
        ShellArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        // The screen belongs to the conversation: the log is for the file alone, unless somebody wants to see it.
        await using LogOutput log = LogOutput.Start(
            new ScreenLines(screen.Error, isTerminal: false, screen.Width), arguments.LogFile, TimeProvider.System,
            screen.Settings.LogLevelUnlessAsked(LogLevel.None));
        ILogger logger = log.Factory.CreateLogger("shell");
        using TimeServiceClock? service = arguments.Time is { } address
            ? new TimeServiceClock(
                address, TimeProvider.System, text => screen.Error.WriteLine($"shoal: {text}"), logger)
            : null;
        IRequestClock clock = service is null ? new OwnClock(TimeProvider.System) : service;
        await using var session = new UserSession(
            OptionsOf(arguments), clock, TimeProvider.System, logger);
        int failed = await RunAsync(arguments, session, screen, cancellation);
        return arguments.Script is not null && failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Runs a session to its end.</summary>
    /// <returns>How many lines failed.</returns>
    internal static async Task<int> RunAsync(
        ShellArguments arguments, UserSession session, CommandScreen screen, CancellationToken cancellation)
    {
        var memory = new ShellMemory();
        using StreamReader? script = arguments.Script is { } file ? OpenScript(file) : null;
        bool isTerminal = script is null && screen is { IsInputTerminal: true, IsOutputTerminal: true };
        ScreenLines? live = isTerminal && screen.IsErrorTerminal
            ? new ScreenLines(screen.Error, isTerminal: true, screen.Width)
            : null;
        var shell = new CommandShell(session, memory, arguments.Folder, live, screen.Output, screen.Error);
        ILineSource lines = script is not null
            ? new PlainLines(script, screen.Output)
            : isTerminal
                ? new TerminalLines(
                    new ShellCompletion(session, memory, arguments.Folder), screen.Output, () => Console.WindowWidth,
                    TerminalLines.ReadKeys())
                : PlainLines.Of(screen.OpenInput(), screen.Output);
        int failed = await ShellLoop.RunAsync(lines, shell, IgnoredBy(isTerminal, script is not null), cancellation);
        await session.DisposeAsync();
        screen.Output.WriteLine(ShellTexts.Finished);
        return failed;
    }

    // A person who only presses the return key wants nothing; on a pipe it is a command without a name, as elsewhere.
    private static Func<string, bool> IgnoredBy(bool isTerminal, bool isScript) => isScript
        ? line => line.Length == 0 || line.StartsWith('#')
        : line => isTerminal && line.Length == 0;

    private static StreamReader OpenScript(string file)
    {
        try
        {
            return new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--script: {ReadFailure.Of(file, e)}", e);
        }
    }

    private static UserOptions OptionsOf(ShellArguments arguments)
    {
        var options = new UserOptions
        {
            Hub = arguments.Hub,
            Folder = arguments.Folder,
            Style = arguments.Style,
            Key = arguments.Key.Load(),
        };
        return arguments.Listen is { } listen ? options with { Listen = listen } : options;
    }
}
