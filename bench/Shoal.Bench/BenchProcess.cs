using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Shoal.Bench;

/// <summary>
/// A process that a bench started: reads its lines, watches its peak memory, and ends it, by its id, at the
/// latest when it is disposed.
/// </summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private const int MostErrorCharacters = 4_000;

    private static readonly TimeSpan s_memoryInterval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _watching;

    private BenchProcess(string name, Process process, bool readsLines)
    {
        Name = name;
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        if (!readsLines)
        {
            _process.OutputDataReceived += (_, line) => Keep(line.Data);
            _process.BeginOutputReadLine();
        }

        _watching = WatchMemoryAsync();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The most memory that it had in use at once (VmHWM), in bytes.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The memory that it has in use (VmRSS), in bytes, when it was last looked at.</summary>
    public long CurrentBytes { get; private set; }

    /// <summary>The time that it has had a processor so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="readsLines">
    /// Whether <see cref="ReadLineAsync"/> will be called; else output is kept for errors.
    /// </param>
    /// <exception cref="BenchFailure">There is no such program.</exception>
    public static BenchProcess Start(string name, IEnumerable<string> command, bool readsLines = false)
    {
        string[] words = [.. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return new BenchProcess(name, Process.Start(start)!, readsLines);
        }
        catch (Win32Exception e)
        {
            throw new BenchFailure($"'{words[0]}' does not start: {e.Message}");
        }
    }

    /// <summary>Reads a line that begins with a word, and returns the rest of it.</summary>
    public async Task<string> ReadLineAsync(string word, CancellationToken cancellation)
    {
        string? line = await _process.StandardOutput.ReadLineAsync(cancellation);
        return line is not null && line.StartsWith(word, StringComparison.Ordinal)
            ? line[word.Length..].Trim()
            : throw new BenchFailure($"{Name} said '{line}' instead of '{word} ...'.\n{Errors()}");
    }

    /// <summary>Tells it a line.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until it has ended well.</summary>
    public async Task SucceedAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await _watching;
        if (_process.ExitCode != 0)
        {
            throw new BenchFailure($"{Name} ended with exit code {_process.ExitCode}.\n{Errors()}");
        }
    }

    /// <summary>Throws if it has ended, which it should not have.</summary>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            throw new BenchFailure($"{Name} ended early with exit code {_process.ExitCode}.\n{Errors()}");
        }
    }

    /// <summary>Reads its memory at once, before it is ended.</summary>
    public void MeasureMemory()
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{_process.Id}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    PeakBytes = Math.Max(PeakBytes, BytesIn(line));
                }
                else if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    CurrentBytes = BytesIn(line);
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It ended between two looks; the last one counts.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // With what it started: a worker that lives on would hold its output open, and the wait would not end.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _watching;
        _process.Dispose();
    }

    private static long BytesIn(string line) => 1024 * long.Parse(
        line["VmXXX:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);

    private async Task WatchMemoryAsync()
    {
        using var timer = new PeriodicTimer(s_memoryInterval);
        while (!_process.HasExited && await timer.WaitForNextTickAsync())
        {
            MeasureMemory();
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString().Trim();
        }
    }

    private void Keep(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
            if (_errors.Length > 2 * MostErrorCharacters)
            {
                // The end tells why.
                _errors.Remove(0, _errors.Length - MostErrorCharacters);
            }
        }
    }
}
