using Shoal.Core.Exchange;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Peer;
using Shoal.Hosts.User;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A peer's host in this process.</summary>
internal sealed class MemoryPeer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<PeerResult> _run;
    private volatile PeerProgress? _progress;

    /// <param name="options">Who it is.</param>
    /// <param name="network">Where it is.</param>
    /// <param name="watch">Called by its loop with each progress; the loop waits for it.</param>
    /// <param name="time">Its clock; the system's by default.</param>
    public MemoryPeer(
        PeerOptions options, ITransport network, Action<PeerProgress>? watch = null, TimeProvider? time = null)
    {
        Options = options;
        Log = new Lines(options.Name);
        _run = PublicPeer.RunAsync(
            options, DirectoryStyle.AsciiNul, network, time ?? TimeProvider.System, Log, Show, _stop.Token);

        void Show(PeerProgress progress)
        {
            _progress = progress;
            watch?.Invoke(progress);
        }
    }

    public PeerOptions Options { get; }

    public Lines Log { get; }

    /// <summary>How far it last said it was.</summary>
    public PeerProgress? Progress => _progress;

    public bool HasEnded => _run.IsCompleted;

    /// <summary>Waits for its end.</summary>
    public async Task<PeerResult> EndAsync()
    {
        try
        {
            return await _run.WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Options.Name} did not end:\n{Log}");
        }
    }

    /// <summary>Waits for its end, which must be a complete one.</summary>
    public async Task<PeerResult> CompleteAsync()
    {
        PeerResult result = await EndAsync();
        Assert.True(result.Outcome is SwarmOutcome.Complete, $"{Options.Name} ended with {result.Outcome}:\n{Log}");
        return result;
    }

    /// <summary>Asks it to stop, as a signal does.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
