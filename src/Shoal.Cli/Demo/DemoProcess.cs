using System.Diagnostics;
using Shoal.Cli.Configuration;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Demo;

/// <summary>
/// This program, started once more as a process of its own. It is held by its standard input: when that ends,
/// because the demo lets go or is gone, the process stops by itself; if not soon, it is ended by its id.
/// </summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private const string Complaint = "shoal: ";

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private string _lastWords = "it said nothing";

    private DemoProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Starts the program.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="input">What its standard input is for.</param>
    /// <param name="output">Is told each line of its standard output, one at a time.</param>
    /// <param name="error">Is told each line of its standard error, one at a time.</param>
    public static DemoProcess Start(
        string name, IEnumerable<string> arguments, DemoInput input, Action<string> output, Action<string> error)
    {
        string[] words = [.. ProgramWords(), .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(variable);
        }

        // Pipes for debuggers and profilers are files, and would stay if the process had to be killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        if (input != DemoInput.Lines)
        {
            start.Environment[Leash.Variable] = input == DemoInput.Sign ? Leash.Wait : "1";
        }

        var demo = new DemoProcess(name, new Process { StartInfo = start });
        demo._process.OutputDataReceived += (_, line) => Pass(line.Data, output);
        demo._process.ErrorDataReceived += (_, line) => Pass(line.Data, text => demo.Hear(text, error));
        demo._process.Start();
        demo._process.BeginOutputReadLine();
        demo._process.BeginErrorReadLine();
        return demo;
    }

    /// <summary>Waits until it has ended well.</summary>
    /// <exception cref="WorkFailedException">It ended otherwise.</exception>
    public async Task SucceedAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        if (_process.ExitCode != ExitCode.Done)
        {
            throw new WorkFailedException(
                $"{Name} ended with exit code {_process.ExitCode}: {Volatile.Read(ref _lastWords)}");
        }
    }

    /// <summary>Waits until it has ended, which it should not.</summary>
    /// <exception cref="WorkFailedException">It has ended.</exception>
    public async Task NeverEndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        throw new WorkFailedException($"{Name} ended early: {Volatile.Read(ref _lastWords)}");
    }

    /// <summary>Writes a line to its standard input, unless it has ended.</summary>
    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"{Name} ended early: {Volatile.Read(ref _lastWords)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(s_grace);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    // A demo is the same whatever settings the user's own hubs and peers have.
    private static bool IsSetting(string variable) =>
        variable.StartsWith(VariableNames.Prefix, StringComparison.Ordinal)
        || variable is "LOG_RPC_IP" or "LOGGING_LEVEL";

    private static void Pass(string? line, Action<string> to)
    {
        if (line is not null)
        {
            to(line);
        }
    }

    // The last complaint explains an end; without one, the last line of any kind.
    private void Hear(string line, Action<string> error)
    {
        bool isComplaint = line.StartsWith(Complaint, StringComparison.Ordinal);
        if (isComplaint || !_lastWords.StartsWith(Complaint, StringComparison.Ordinal))
        {
            Volatile.Write(ref _lastWords, line);
        }

        error(line);
    }

    /// <summary>How this program is started: as itself, or as a library by <c>dotnet</c>.</summary>
    private static string[] ProgramWords()
    {
        string name = typeof(DemoProcess).Assembly.GetName().Name!;
        string self = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(self) == name)
        {
            return [self];
        }

        string host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
        return [host, Path.Combine(AppContext.BaseDirectory, name + ".dll")];
    }
}

/// <summary>What the standard input of a process is for; its end always ends the process.</summary>
internal enum DemoInput
{
    /// <summary>It only holds the process.</summary>
    Leash,

    /// <summary>It holds the process, and a line on it is the sign to begin.</summary>
    Sign,

    /// <summary>The process reads lines from it.</summary>
    Lines,
}
