using Shoal.Cli.Frame;

namespace Shoal.Cli.Demo;

/// <summary>The processes of a job: those that listen and those that come to them. All end with it.</summary>
internal sealed class DemoCast : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<DemoProcess> _processes = [];
    private readonly List<DemoProcess> _listening = [];

    /// <summary>Starts the program.</summary>
    public DemoProcess Start(
        string name, IEnumerable<string> arguments, Action<string> output, Action<string> error)
    {
        var process = DemoProcess.Start(name, arguments, DemoInput.Leash, output, error);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts the shell of a user, who has yet to write.</summary>
    public DemoShell StartShell(string user, IEnumerable<string> arguments)
    {
        var shell = new DemoShell(user, arguments);
        _processes.Add(shell.Process);
        return shell;
    }

    /// <summary>Starts the program and waits until it listens; it shall do so until all others have ended.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="action">The action with which its log says where it listens.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its address, as a command line takes it.</returns>
    /// <exception cref="WorkFailedException">It did not start.</exception>
    public async Task<string> ListenAsync(
        string name, IEnumerable<string> arguments, string action, CancellationToken cancellation)
    {
        string sign = $"action: {action} | result: success | address: ";
        var line = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        DemoProcess process = Start(name, arguments, _ => { }, text => Watch(text, sign, line));
        string address = await AwaitAsync(process, line.Task, "listen", cancellation);
        _listening.Add(process);
        return address.Split(' ')[0];
    }

    /// <summary>
    /// Starts the program and waits until it has read its command line; it begins its work when it is written a line.
    /// </summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="output">Is told each line of its standard output, one at a time.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="WorkFailedException">It did not start.</exception>
    public async Task<DemoProcess> PrepareAsync(
        string name, IEnumerable<string> arguments, Action<string> output, CancellationToken cancellation)
    {
        var line = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = DemoProcess.Start(
            name, arguments, DemoInput.Sign, output, text => Watch(text, "action: config | result: success", line));
        _processes.Add(process);
        await AwaitAsync(process, line.Task, "start", cancellation);
        return process;
    }

    /// <summary>Waits until all of these have ended well.</summary>
    /// <exception cref="WorkFailedException">One did not, or one that listens ended before them.</exception>
    public async Task SucceedAsync(IReadOnlyList<DemoProcess> workers, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task>(
        [
            .. _listening.Select(process => process.NeverEndAsync(ended.Token)),
            .. workers.Select(process => process.SucceedAsync(ended.Token)),
        ]);
        try
        {
            // The first failure counts: what the others say afterwards follows from it.
            while (running.Count > _listening.Count)
            {
                Task first = await Task.WhenAny(running);
                await first;
                running.Remove(first);
            }
        }
        finally
        {
            await EndAsync(ended, running);
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    // Tells what stands behind a sign in a line of a log.
    private static void Watch(string text, string sign, TaskCompletionSource<string> found)
    {
        int start = text.IndexOf(sign, StringComparison.Ordinal);
        if (start >= 0)
        {
            found.TrySetResult(text[(start + sign.Length)..]);
        }
    }

    private static async Task<string> AwaitAsync(
        DemoProcess process, Task<string> line, string what, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task end = process.NeverEndAsync(ended.Token);
        try
        {
            await await Task.WhenAny(line, end).WaitAsync(s_patience, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new WorkFailedException(
                $"{process.Name} did not {what} within {s_patience.TotalSeconds} s.", e);
        }
        finally
        {
            await EndAsync(ended, [end]);
        }

        return await line;
    }

    private static async Task EndAsync(CancellationTokenSource ended, IReadOnlyList<Task> waits)
    {
        await ended.CancelAsync();
        await Task.WhenAll(waits).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
