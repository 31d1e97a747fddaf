using System.Diagnostics;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A hub with a directory as a process, and the commands of its users, each one too, in a scratch folder.
/// </summary>
internal sealed class CommandDesk(Scratch scratch, ShoalProcess process, string address) : IAsyncDisposable
{
    public static async Task<CommandDesk> BeginAsync(Scratch scratch)
    {
        ShoalProcess process = ShoalProcess.Start(
            "hub", null, ["hub", "--listen", "127.0.0.1:0", "--directory", "127.0.0.1:0", "--data", "data"],
            scratch.Root);
        string line = await process.Output.WaitForAsync("action: directory_listen");
        return new CommandDesk(scratch, process, ProcessSwarm.FieldOf(line, "address"));
    }

    /// <summary>Where the directory is.</summary>
    public string Address => address;

    public ShoalProcess Start(params string[] arguments) => ShoalProcess.Start(
        arguments[0], null, [.. arguments, "--hub", address], scratch.Root);

    /// <summary>Runs a command to its end and returns what it said.</summary>
    public async Task<string> ExpectAsync(int exitCode, params string[] arguments)
    {
        await using ShoalProcess command = Start(arguments);
        await command.ExpectAsync(exitCode);
        return string.Join('\n', command.Output.All);
    }

    /// <summary>Runs a command to its end, which is to say this among other things.</summary>
    public async Task SaysAsync(string text, int exitCode, params string[] arguments) =>
        Assert.Contains(text, await ExpectAsync(exitCode, arguments), StringComparison.Ordinal);

    /// <summary>Runs a shell on a pipe, to the end of its input or to a signal.</summary>
    public async Task<string> ShellAsync(string input, bool interrupt)
    {
        string[] arguments = ["shell", "--hub", address, "--listen", "127.0.0.1:0"];
        var start = new ProcessStartInfo(ShoalProcess.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = scratch.Root,
        };
        using Process shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(input);
        await shell.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        if (interrupt)
        {
            var seen = new char[200];
            int count = 0;
            while (!new string(seen, 0, count).EndsWith("OK\nc> ", StringComparison.Ordinal))
            {
                count += await shell.StandardOutput.ReadAsync(
                    seen.AsMemory(count), TestContext.Current.CancellationToken);
            }

            ShoalProcess.Send(shell, ShoalProcess.Signal.Interrupt);
            string rest = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, shell.ExitCode);
            return new string(seen, 0, count) + rest;
        }

        shell.StandardInput.Close();
        string all = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        return all;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
