using System.Globalization;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Demo;

/// <summary>The processes of a demo: a hub on a free port, and the peers that join it.</summary>
internal sealed class DemoSwarm(DemoArguments arguments, DemoFolder folder) : IAsyncDisposable
{
    /// <summary>What the swarm is called.</summary>
    public const string Name = "demo";

    // In the log line with which a hub says where it listens.
    private const string Listening = "action: hub_listen | result: success | address: ";

    private static readonly TimeSpan s_hubPatience = TimeSpan.FromSeconds(30);

    private readonly List<DemoProcess> _processes = [];

    /// <summary>Starts the hub.</summary>
    /// <returns>Its address, as the command line of a peer takes it.</returns>
    /// <exception cref="WorkFailedException">It did not start.</exception>
    public async Task<string> StartHubAsync(CancellationToken cancellation)
    {
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        DemoProcess hub = DemoProcess.Start(
            "the hub",
            ["hub", "--listen", "127.0.0.1:0", "--log", Path.Combine(folder.Logs, "hub.log")],
            _ => { },
            line =>
            {
                int start = line.IndexOf(Listening, StringComparison.Ordinal);
                if (start >= 0)
                {
                    address.TrySetResult(line[(start + Listening.Length)..].Split(' ')[0]);
                }
            });
        _processes.Add(hub);
        Task ended = hub.NeverEndAsync(cancellation);
        await await Task.WhenAny(address.Task, ended).WaitAsync(s_hubPatience, cancellation);
        return await address.Task;
    }

    /// <summary>The command line of a peer; peers count from 0.</summary>
    public string[] CommandOf(int peer, string hub)
    {
        string link = arguments.Link.ToArgument();
        string[] shape = double.IsPositiveInfinity(arguments.Link.BytesPerSecond)
            ? []
            : ["--up", link, "--down", link, "--up-limit", link, "--down-limit", link];
        return
        [
            "join", Name, "--hub", hub, "--dir", folder.OfPeer(peer), "--name", DemoPeer.NameOf(peer),
            "--expect", arguments.Peers.ToString(CultureInfo.InvariantCulture), .. shape,
        ];
    }

    /// <summary>Starts the peers and waits until all have ended well.</summary>
    /// <exception cref="WorkFailedException">One did not, or the hub ended before them.</exception>
    public async Task ExchangeAsync(string hub, DemoProgress progress, CancellationToken cancellation)
    {
        DemoProcess[] peers = [.. Enumerable.Range(0, arguments.Peers).Select(peer => StartPeer(peer, hub, progress))];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task hubEnded = _processes[0].NeverEndAsync(ended.Token);
        var running = new List<Task>([hubEnded, .. peers.Select(peer => peer.SucceedAsync(ended.Token))]);
        try
        {
            // The first failure counts: what the others say afterwards follows from it.
            while (running.Count > 1)
            {
                Task first = await Task.WhenAny(running);
                await first;
                running.Remove(first);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(running).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
    }

    private DemoProcess StartPeer(int peer, string hub, DemoProgress progress)
    {
        DemoProcess process = DemoProcess.Start(
            DemoPeer.NameOf(peer),
            [
                .. CommandOf(peer, hub), "--progress-json", "--report", folder.ReportOf(peer),
                "--log", folder.LogOf(peer),
            ],
            line =>
            {
                if (Progress.ProgressFeed.Read(line) is { } snapshot)
                {
                    progress.Tell(peer, snapshot);
                }
            },
            _ => { });
        _processes.Add(process);
        return process;
    }
}
