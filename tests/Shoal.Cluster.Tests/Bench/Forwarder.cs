using System.Net;
using System.Net.Sockets;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// An address on loopback behind which somebody else listens, for as long as the path is not cut. While it is, whoever
/// dials is refused, and what was connected breaks.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _tasks = [];
    private readonly HeldPort _port = new();
    private readonly string _target;
    private Socket? _listener;

    private readonly TaskCompletionSource _wide = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Forwarder(string target)
    {
        _target = target;
        Mend();
    }

    public string Address => _port.Address;

    /// <summary>What passes back from there on each connection until it is widened; by default all.</summary>
    public long Narrow { get; init; } = long.MaxValue;

    public void Widen() => _wide.TrySetResult();

    public void Mend()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, _port.Port));
        listener.Listen(16);
        lock (_gate)
        {
            _listener = listener;
            _tasks.Add(AcceptAsync(listener));
        }
    }

    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            foreach (Socket socket in _sockets)
            {
                socket.Dispose();
            }

            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        Widen();
        await Task.WhenAll(_tasks);
        _port.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket near = await listener.AcceptAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                {
                    if (_listener != listener)
                    {
                        near.Dispose();
                        far.Dispose();
                        return;
                    }

                    _sockets.AddRange([near, far]);
                    _tasks.Add(JoinAsync(near, far));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(IPEndPoint.Parse(_target));
            await Task.WhenAll(PumpAsync(near, far, long.MaxValue), PumpAsync(far, near, Narrow));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or one end has gone.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, long narrow)
    {
        var buffer = new byte[64 * 1024];
        for (long passed = 0; ;)
        {
            if (passed == narrow)
            {
                await _wide.Task;
                narrow = long.MaxValue;
            }

            int read = await from.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, narrow - passed)));
            if (read == 0)
            {
                break;
            }

            for (int sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }

            passed += read;
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
