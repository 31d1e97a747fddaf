using System.Net;
using System.Net.Sockets;
using Shoal.Core.Randomness;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// A bad line to a hub: it carries bytes both ways and cuts connections after some of them, so that a message arrives
/// in part, or arrives and its ack does not.
/// </summary>
internal sealed class CuttingLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly DeterministicRandom _random;
    private readonly int _port;
    private readonly Task _running;
    private bool _isCutting = true;

    public CuttingLine(int port, ulong randomSeed)
    {
        _port = port;
        _random = new DeterministicRandom(randomSeed);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on whatever comes arrives.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _isCutting = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    // Most connections are cut, a few live.
    private long Life()
    {
        lock (_gate)
        {
            return _isCutting && _random.Next(4) != 0 ? _random.Next(6_000) : long.MaxValue;
        }
    }

    private async Task RunAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient near = await _listener.AcceptTcpClientAsync(_stop.Token);
                carrying.Add(CarryAsync(near));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                await Task.WhenAny(
                    CopyAsync(near.GetStream(), far.GetStream(), Life()),
                    CopyAsync(far.GetStream(), near.GetStream(), Life()));
            }
            catch (Exception e) when (
                e is IOException or SocketException or OperationCanceledException or InvalidOperationException)
            {
                // The hub is not there for now, or somebody went: a client that is not connected has no stream.
            }

            // At once and without a word, as a line that breaks.
            near.LingerState = new LingerOption(true, 0);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, long life)
    {
        var buffer = new byte[4096];
        try
        {
            int read;
            while (life > 0 && (read = await from.ReadAsync(buffer, _stop.Token)) > 0)
            {
                int carried = (int)Math.Min(read, life);
                await to.WriteAsync(buffer.AsMemory(0, carried), _stop.Token);
                life -= carried;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the ends is gone.
        }
    }
}
