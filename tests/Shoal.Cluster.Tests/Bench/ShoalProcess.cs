using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>The program <c>shoal</c>, as built beside these tests, in a process of its own.</summary>
internal sealed class ShoalProcess : IAsyncDisposable
{
    private readonly Process _process;
    private int _openStreams = 2;
    private bool _isStopped;

    private ShoalProcess(Process process, string owner)
    {
        _process = process;
        Output = new Lines(owner);
    }

    public enum Signal
    {
        Interrupt = 2,
        Kill = 9,
        Terminate = 15,
        Continue = 18,
        Stop = 19,
    }

    public static string Program => Path.Join(AppContext.BaseDirectory, "shoal");

    /// <summary>What it writes, to either stream.</summary>
    public Lines Output { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>How many files and connections it has open.</summary>
    public int OpenFiles => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>The most memory that it has held so far, in bytes.</summary>
    public long PeakMemory => MemoryOf("VmHWM:");

    /// <summary>The memory that it holds, in bytes.</summary>
    public long Memory => MemoryOf("VmRSS:");

    public static ShoalProcess Start(string owner, params IReadOnlyList<string> arguments) =>
        Start(owner, key: null, arguments);

    /// <param name="owner">Whose output it is, in messages of failed tests.</param>
    /// <param name="key">What SHOAL_KEY holds, or null.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="folder">The folder that it runs in; that of the tests by default.</param>
    public static ShoalProcess Start(
        string owner, string? key, IReadOnlyList<string> arguments, string folder = "") =>
        Start(owner, key is null ? [] : [("SHOAL_KEY", key)], arguments, folder);

    /// <param name="owner">Whose output it is, in messages of failed tests.</param>
    /// <param name="variables">What its environment has beside that of the tests.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="folder">The folder that it runs in; that of the tests by default.</param>
    /// <param name="input">
    /// What it reads, to the end; nothing by default. Null: what <see cref="Say"/> says.
    /// </param>
    public static ShoalProcess Start(
        string owner, IEnumerable<(string Name, string Value)> variables, IReadOnlyList<string> arguments,
        string folder = "", string? input = "") => Start(owner, Program, variables, arguments, folder, input);

    /// <summary>Another program, which is watched and ended in the same way.</summary>
    public static ShoalProcess StartOther(string owner, string program, params IReadOnlyList<string> arguments) =>
        Start(owner, program, [], arguments, folder: "", input: "");

    private static ShoalProcess Start(
        string owner, string program, IEnumerable<(string Name, string Value)> variables,
        IReadOnlyList<string> arguments, string folder, string? input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment.Remove("SHOAL_KEY");
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        var running = new ShoalProcess(new Process { StartInfo = start }, owner);
        running._process.OutputDataReceived += running.Read;
        running._process.ErrorDataReceived += running.Read;
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        if (input is not null)
        {
            running._process.StandardInput.Write(input);
            running.SayNoMore();
        }

        return running;
    }

    /// <summary>Lets it read a line.</summary>
    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Lets it read the end.</summary>
    public void SayNoMore() => _process.StandardInput.Close();

    public void Send(Signal signal)
    {
        _isStopped = signal == Signal.Stop;
        Send(_process, signal);
    }

    /// <summary>Sends a signal to a process, if it is still there.</summary>
    public static void Send(Process process, Signal signal)
    {
        if (Kill(process.Id, (int)signal) != 0 && !process.HasExited)
        {
            throw new InvalidOperationException($"No signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>The files that it has open to write to, those that have no name any more too.</summary>
    public IEnumerable<string> FilesItWrites()
    {
        foreach (string open in Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd"))
        {
            string? file;
            string flags;
            try
            {
                file = new FileInfo(open).LinkTarget;
                flags = File.ReadLines(open.Replace("/fd/", "/fdinfo/", StringComparison.Ordinal))
                    .Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            }
            catch (IOException)
            {
                // It has been closed meanwhile.
                continue;
            }

            // The last digit is how it was opened: 0 to read only. What is no file has no path, and is not below one
            // that is kept: a pipe, a socket, a device, the memory for the runtime's own code.
            if (flags[^1] % 4 != 0 && file is ['/', ..] && !file.StartsWith("/memfd:", StringComparison.Ordinal)
                && (!file.StartsWith("/dev/", StringComparison.Ordinal)
                || file.StartsWith("/dev/shm/", StringComparison.Ordinal)))
            {
                yield return file;
            }
        }
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> EndAsync() => EndAsync(Limits.Run);

    /// <inheritdoc cref="EndAsync()"/>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timer.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(timer.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It has not ended within {limit}:\n{Output}");
        }
    }

    /// <summary>Waits for its end, which must have this exit code.</summary>
    public async Task ExpectAsync(int exitCode)
    {
        int code = await EndAsync();
        Assert.True(code == exitCode, $"It exited with {code}, not {exitCode}:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (_isStopped)
            {
                Send(Signal.Continue);
            }

            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    private void Read(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text)
        {
            Output.Add(text);
        }
        else if (line.Data is null && Interlocked.Decrement(ref _openStreams) == 0)
        {
            Output.End();
        }
    }

    private long MemoryOf(string field)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status")
            .Single(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[field.Length..^2].Trim(), CultureInfo.InvariantCulture);
    }
}
