using Microsoft.Extensions.Logging;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>The lines of a log or of a process's output, to be searched and waited for.</summary>
internal sealed class Lines(string owner) : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _isEnded;

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach ((Func<string, bool> fits, TaskCompletionSource<string?> found) in _waiting)
            {
                if (fits(line))
                {
                    found.TrySetResult(line);
                }
            }

            _waiting.RemoveAll(waiting => waiting.Found.Task.IsCompleted);
        }
    }

    /// <summary>No line comes any more: who waits for one need not.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            _waiting.ForEach(waiting => waiting.Found.TrySetResult(null));
            _waiting.Clear();
        }
    }

    /// <summary>The first line, past or to come, with all of these texts.</summary>
    public Task<string> WaitForAsync(params string[] parts) => WaitForAsync(Limits.Wait, parts);

    /// <summary>The first line, past or to come, with all of these texts.</summary>
    /// <exception cref="TimeoutException">
    /// None came in time, or none can come any more; the message has all that did.
    /// </exception>
    public async Task<string> WaitForAsync(TimeSpan limit, params string[] parts)
    {
        var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(line => Fits(line, parts)) is { } known)
            {
                return known;
            }

            if (_isEnded)
            {
                found.SetResult(null);
            }

            _waiting.Add((line => Fits(line, parts), found));
        }

        string why = "has ended";
        try
        {
            if (await found.Task.WaitAsync(limit, TestContext.Current.CancellationToken) is { } line)
            {
                return line;
            }
        }
        catch (TimeoutException)
        {
            why = $"within {limit.TotalSeconds:0} s";
        }

        throw new TimeoutException($"{owner} said nothing with '{string.Join("' and '", parts)}' ({why}):\n{this}");
    }

    public int Count(params string[] parts) => All.Count(line => Fits(line, parts));

    public bool Has(params string[] parts) => Count(parts) > 0;

    public override string ToString() => string.Join('\n', All.Select(line => $"{owner}> {line}"));

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));

    private static bool Fits(string line, string[] parts) =>
        Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal));
}
