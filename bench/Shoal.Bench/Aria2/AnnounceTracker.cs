using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shoal.Bench.Aria2;

/// <summary>
/// A tracker (BEP 3, 23) for one run: holds every answer back until all peers have announced all contents, so
/// that nobody starts alone and the clock has a start; then tells everybody the addresses of all.
/// </summary>
internal sealed class AnnounceTracker : IAsyncDisposable
{
    private const int LongestRequest = 8 * 1024;

    private readonly TcpListener _listener;
    private readonly byte[] _answer;
    private readonly int _expected;
    private readonly HashSet<string> _announced = [];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="peers">The addresses to tell.</param>
    /// <param name="contents">How many contents each of them announces.</param>
    public AnnounceTracker(IPEndPoint address, IReadOnlyList<IPEndPoint> peers, int contents)
    {
        _expected = peers.Count * contents;
        _answer = AnswerOf(peers);
        _listener = new TcpListener(address);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Ends when all peers have announced all contents.</summary>
    public Task AllAnnounced => _all.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _all.TrySetCanceled();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                Note(await ReadRequestAsync(stream));
                await _all.Task.WaitAsync(_stop.Token);
                await stream.WriteAsync(_answer, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // That peer has ended; the run will say why.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[LongestRequest];
        int length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        return Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n")[0];
    }

    // A peer is known by its port and address, a content by its hash; both stand in the request line.
    private void Note(string request)
    {
        string[] parts = request.Split('?', '&', ' ');
        string who = string.Join('&', parts
            .Where(part => part.StartsWith("info_hash=", StringComparison.Ordinal)
                || part.StartsWith("peer_id=", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));
        lock (_announced)
        {
            if (_announced.Add(who) && _announced.Count == _expected)
            {
                _all.TrySetResult();
            }
        }
    }

    private static byte[] AnswerOf(IReadOnlyList<IPEndPoint> peers)
    {
        using var body = new MemoryStream();
        body.Write(Encoding.ASCII.GetBytes($"d8:intervali1800e5:peers{peers.Count * 6}:"));
        foreach (IPEndPoint peer in peers)
        {
            body.Write(peer.Address.GetAddressBytes());
            body.Write([(byte)(peer.Port >> 8), (byte)peer.Port]);
        }

        body.WriteByte((byte)'e');
        byte[] head = Encoding.ASCII.GetBytes(
            $"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n"
            + "Connection: close\r\n\r\n");
        return [.. head, .. body.ToArray()];
    }
}
