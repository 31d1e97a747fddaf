using System.Diagnostics;
using System.Text;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The shell on a terminal that is one: util-linux' <c>script</c> makes it.</summary>
public sealed class TerminalTests
{
    private const string Up = "\u001b[A";
    private const string Left = "\u001b[D";
    private const string Script = "/usr/bin/script";

    [Fact]
    public async Task Lines_are_edited_completed_and_come_back()
    {
        Assert.SkipUnless(File.Exists(Script), "This needs 'script' of util-linux, which makes a terminal.");
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        await using Terminal terminal = Terminal.Begin(scratch, desk.Address);
        await terminal.SeesAsync("c> ");

        // A letter is put in, and one is taken away, in the middle of the line.
        await terminal.TypeAsync($"REGISTR anna{Left}{Left}{Left}{Left}{Left}{Left}E\r");
        await terminal.SeesAsync("c> REGISTER OK");
        await terminal.TypeAsync($"{Up}\r");
        await terminal.SeesAsync("c> USERNAME IN USE");
        await terminal.TypeAsync("CONN\tanna\r");
        await terminal.SeesAsync("c> CONNECT OK");
        await terminal.TypeAsync("list_usersx\u007f\r");
        await terminal.SeesAsync("anna 127.0.0.1 ");
        await terminal.TypeAsync("QUIT\r");
        await terminal.SeesAsync("+++ FINISHED +++");
        Assert.Equal(0, await terminal.EndAsync());
    }

    [Fact]
    public async Task Ctrl_C_and_Ctrl_D_end_it_as_QUIT_does()
    {
        Assert.SkipUnless(File.Exists(Script), "This needs 'script' of util-linux, which makes a terminal.");
        using var scratch = new Scratch();
        await using CommandDesk desk = await CommandDesk.BeginAsync(scratch);
        foreach (string key in new[] { "\u0003", "\u0004" })
        {
            await using Terminal terminal = Terminal.Begin(scratch, desk.Address);
            await terminal.SeesAsync("c> ");
            await terminal.TypeAsync(key);
            await terminal.SeesAsync("+++ FINISHED +++");
            Assert.Equal(0, await terminal.EndAsync());
        }
    }

    private sealed class Terminal(Process process) : IAsyncDisposable
    {
        private readonly StringBuilder _seen = new();

        public static Terminal Begin(Scratch scratch, string hub)
        {
            // Without exec some shells stay as its parent, get the signal of Ctrl-C too and die of it.
            var start = new ProcessStartInfo(
                Script, ["-qec", $"exec {ShoalProcess.Program} shell --hub {hub} --listen 127.0.0.1:0", "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = scratch.Root,
            };
            start.Environment["TERM"] = "xterm";
            return new Terminal(Process.Start(start)!);
        }

        public async Task TypeAsync(string keys)
        {
            await process.StandardInput.WriteAsync(keys);
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }

        /// <summary>Waits until something is seen; what was seen before it does not count any more.</summary>
        public async Task SeesAsync(string text)
        {
            using var limit = new CancellationTokenSource(Limits.Wait);
            var buffer = new char[4096];
            while (true)
            {
                int at = _seen.ToString().IndexOf(text, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _seen.Remove(0, at + text.Length);
                    return;
                }

                int read = await ReadAsync(buffer, limit.Token);
                Assert.True(read > 0, $"It ended, or said nothing more, without '{text}':\n{_seen}");
                _seen.Append(buffer, 0, read);
            }
        }

        private async Task<int> ReadAsync(char[] buffer, CancellationToken limit)
        {
            try
            {
                return await process.StandardOutput.ReadAsync(buffer, limit);
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        }

        public async Task<int> EndAsync()
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limits.Wait);
            return process.ExitCode;
        }

        public ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
