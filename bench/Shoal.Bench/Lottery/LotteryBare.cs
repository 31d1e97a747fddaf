using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shoal.Bench.Lottery;

/// <summary>
/// What a disk allows: five connections over loopback that each send a batch and wait for its ack, and behind them
/// nothing but a loop that inserts the batch's rows, commits and acks. It reads no bet and keeps no rule.
/// </summary>
internal sealed class LotteryBare(IBareTable table, int batch) : IAsyncDisposable
{
    private const int Connections = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _message = Encoding.ASCII.GetBytes(
        $"B{string.Join(',', Enumerable.Repeat(LotteryCrowd.BetOf(1, 30_904_465), batch))};");

    /// <summary>Stores rows, a fifth of them over each connection.</summary>
    /// <returns>Rows a second.</returns>
    public async Task<double> RunAsync(int rows, CancellationToken cancellation)
    {
        int batches = (rows + (Connections * batch) - 1) / (Connections * batch);
        _listener.Start();
        var serving = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        Task[] sending =
            [.. Enumerable.Range(0, Connections).Select(_ => Task.Run(() => SendAsync(batches, cancellation)))];
        for (int i = 0; i < Connections; i++)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(cancellation);
            int agency = i + 1;
            serving.Add(Task.Run(() => ServeAsync(client, agency, cancellation), cancellation));
        }

        await Task.WhenAll(sending);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.WhenAll(serving);
        _listener.Stop();
        return (double)batches * batch * Connections / seconds;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await table.DisposeAsync();
    }

    private async Task SendAsync(int batches, CancellationToken cancellation)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, cancellation);
        for (int i = 0; i < batches; i++)
        {
            await LotteryCrowd.AskAsync(client.GetStream(), _message, cancellation);
        }
    }

    private async Task ServeAsync(TcpClient client, int agency, CancellationToken cancellation)
    {
        byte[] ack = "ACK_CHUNK;"u8.ToArray();
        var buffer = new byte[64 * 1024];
        using (client)
        {
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
            {
                // A message is sent when the one before it is acked, so its end is the end of what was read.
                if (buffer[read - 1] == ';')
                {
                    await table.InsertAsync(agency, batch);
                    await stream.WriteAsync(ack, cancellation);
                }
            }
        }
    }
}
