using Microsoft.Extensions.Logging;

namespace Shoal.Cli.Logging;

/// <summary>The logger of one category: makes lines and hands them to console and file.</summary>
internal sealed class LineLogger(string category, LogOutput output) : ILogger
{
    // What the framework says below a warning is of no use to somebody who moves files.
    private readonly LogLevel _least =
        category.StartsWith("Microsoft.", StringComparison.Ordinal)
        || category.StartsWith("System.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && output.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // This is compiled anew for every message of ours, so all that can be said once is said in LogLine.
        var values = state as IReadOnlyList<KeyValuePair<string, object?>>;
        string? message = LogLine.IsAction(values) ? null : formatter(state, null);
        output.Write(logLevel, LogLine.Of(output.Now, category, logLevel, values, message, exception));
    }
}
