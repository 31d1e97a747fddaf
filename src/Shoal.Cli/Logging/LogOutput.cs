using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;

namespace Shoal.Cli.Logging;

/// <summary>
/// The log of a process: info and more on the console, or what <c>--log-level</c> says, and all down to debug in the
/// file of <c>--log</c>.
/// Dispose it last: it writes what is still queued.
/// </summary>
internal sealed class LogOutput : ILoggerProvider, IAsyncDisposable
{
    private readonly ScreenLines _console;
    private readonly TimeProvider _time;
    private readonly LogLevel _least;
    private readonly LogFile? _file;
    private readonly LoggerFactory _factory;

    /// <summary>Starts the log.</summary>
    /// <param name="console">Where lines for people go.</param>
    /// <param name="file">The log file, or null.</param>
    /// <param name="time">The clock for the beginnings of lines.</param>
    /// <param name="least">The least that the console shows.</param>
    internal LogOutput(
        ScreenLines console, Func<Func<long, string>, LogFile>? file, TimeProvider time,
        LogLevel least = LogLevel.Information)
    {
        _console = console;
        _least = least;
        _time = time;
        _file = file?.Invoke(DroppedLine);
        _factory = new LoggerFactory([this], new LoggerFilterOptions { MinLevel = LogLevel.Debug });
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory => _factory;

    /// <summary>Where lines for people go, whoever writes them.</summary>
    public ScreenLines Console => _console;

    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Starts the log of a command, on its screen and at the level that its flags say.</summary>
    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public static LogOutput Start(CommandScreen screen, string? file) => Start(
        new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width), file, TimeProvider.System,
        screen.Settings.LogLevel);

    /// <summary>Starts the log of a command.</summary>
    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static LogOutput Start(
        ScreenLines console, string? file, TimeProvider time, LogLevel least = LogLevel.Information)
    {
        try
        {
            return new LogOutput(console, file is null ? null : dropped => LogFile.Append(file, dropped), time, least);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WorkFailedException($"--log: {WriteFailure.OfFile(file!, e)}", e);
        }
    }

    /// <summary>A log that does all that others do, and that nobody reads: for rehearsals.</summary>
    /// <param name="least">The least that it takes.</param>
    public static LogOutput Nowhere(LogLevel least = LogLevel.Information) =>
        new(new ScreenLines(TextWriter.Null, isTerminal: false, width: 80), file: null, TimeProvider.System, least);

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new LineLogger(categoryName, this);

    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync();
            if (_file.Failure is { } failure)
            {
                _console.WriteLine($"shoal: the log file is not complete: {failure.Message}");
            }
        }
    }

    void IDisposable.Dispose()
    {
        // The factory calls this; queues are emptied by DisposeAsync, which can wait.
    }

    internal bool IsEnabled(LogLevel level) =>
        level != LogLevel.None && level >= (_file is null ? _least : LogLevel.Debug);

    internal void Write(LogLevel level, string line)
    {
        if (level >= _least)
        {
            _console.WriteLine(line);
        }

        _file?.Write(line);
    }

    private string DroppedLine(long count) => LogLine.Of(
        Now, "", LogLevel.Warning, DroppedState(count), message: null, exception: null);

    private static KeyValuePair<string, object?>[] DroppedState(long count) =>
    [
        new("Lines", count),
        new("{OriginalFormat}", "action: log_dropped | result: fail | lines: {Lines}"),
    ];
}
