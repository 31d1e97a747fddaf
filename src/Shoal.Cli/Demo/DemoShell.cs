using System.Threading.Channels;
using Shoal.Cli.Frame;
using Shoal.Cli.Shell;

namespace Shoal.Cli.Demo;

/// <summary>A user at a shell, which is a process of its own: writes a line, and reads what comes of it.</summary>
internal sealed class DemoShell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();

    public DemoShell(string user, IEnumerable<string> arguments)
    {
        User = user;
        Process = DemoProcess.Start(
            $"{user}'s shell", arguments, DemoInput.Lines, line => _output.Writer.TryWrite(line), _ => { });
    }

    /// <summary>Who writes.</summary>
    public string User { get; }

    /// <summary>The process.</summary>
    public DemoProcess Process { get; }

    /// <summary>Writes a line and reads as many lines as shall come of it.</summary>
    /// <exception cref="WorkFailedException">They did not come.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(string line, int answers, CancellationToken cancellation)
    {
        await Process.WriteLineAsync(line);
        var heard = new List<string>();
        try
        {
            while (heard.Count < answers)
            {
                string text = await _output.Reader.ReadAsync(cancellation).AsTask()
                    .WaitAsync(s_patience, cancellation);
                heard.Add(WithoutPrompts(text));
            }
        }
        catch (TimeoutException e)
        {
            throw new WorkFailedException(
                $"{Process.Name} said nothing for {s_patience.TotalSeconds} s after '{line}'.", e);
        }

        return heard;
    }

    // On a pipe the prompts before a line stand before its answer.
    private static string WithoutPrompts(string text)
    {
        while (text.StartsWith(ShellTexts.Prompt, StringComparison.Ordinal))
        {
            text = text[ShellTexts.Prompt.Length..];
        }

        return text;
    }
}
