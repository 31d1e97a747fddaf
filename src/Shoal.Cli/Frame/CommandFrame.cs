using System.CommandLine;
using System.Net.Sockets;

namespace Shoal.Cli.Frame;

/// <summary>
/// What surrounds every command: reads the command line, turns mistakes and failures into messages and exit
/// codes, and stops the command when the user or the system asks for it.
/// </summary>
internal static class CommandFrame
{
    // A folder or a swarm may be called @home; it is not a file with more arguments.
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        RootCommand root, IReadOnlyList<string> args, CommandScreen screen, CancellationToken cancellation = default)
    {
        if (args.Count == 0)
        {
            root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = screen.Error });
            return ExitCode.Usage;
        }

        ParseResult parsed = root.Parse(args, s_parsing);
        try
        {
            parsed = root.Parse(screen.Sources.Complete(parsed, args, screen.Variable), s_parsing);
        }
        catch (UsageException e)
        {
            return ReportUsage(parsed, [e.Message], screen);
        }
        catch (WorkFailedException e)
        {
            return Report(screen, e.Message);
        }

        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed, new CommandMistakes(parsed, screen.Sources).Tell(), screen);
        }

        var configuration = new InvocationConfiguration
        {
            Output = screen.Output,
            Error = screen.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        using var stop = new StopSignal(screen.Error, cancellation);
        if (screen.Leash is { } leash)
        {
            stop.Follow(leash);
        }

        try
        {
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (UsageException e)
        {
            return ReportUsage(parsed, [e.Message], screen);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return parsed.CommandResult.Command is ShoalCommand { Serves: true }
                ? ExitCode.Done
                : Report(screen, "stopped before the work was done; run the same command again.");
        }
        catch (Exception e)
        {
            return Report(screen, Explain(e));
        }
    }

    private static int ReportUsage(ParseResult parsed, IEnumerable<string> messages, CommandScreen screen)
    {
        foreach (string message in messages)
        {
            Report(screen, message);
        }

        screen.Error.WriteLine($"Try '{ShoalCommand.PathOf(parsed.CommandResult.Command)} --help'.");
        return ExitCode.Usage;
    }

    private static int Report(CommandScreen screen, string message)
    {
        screen.Error.WriteLine($"shoal: {Sentence(message)}");
        return ExitCode.Failed;
    }

    // What a connection or the system says of a failure is a clause, for log lines, and ends without a stop. So does a
    // command that somebody is to type, to which a stop would seem to belong.
    private static string Sentence(string message) =>
        message.Length > 0 && !".!?:'\"".Contains(message[^1], StringComparison.Ordinal)
            && !message.Contains(": shoal ", StringComparison.Ordinal)
            ? message + "."
            : message;

    // The one place where every exception ends: users get a sentence, developers the rest on demand.
    private static string Explain(Exception e)
    {
        if (e is WorkFailedException)
        {
            return e.Message;
        }

        if (Environment.GetEnvironmentVariable("SHOAL_TRACE") is { Length: > 0 })
        {
            return e.ToString();
        }

        return e is IOException or UnauthorizedAccessException or SocketException
            ? e.Message
            : $"a fault of shoal itself: {e.GetType().Name}: {e.Message} Run again with SHOAL_TRACE=1 for the details.";
    }
}
