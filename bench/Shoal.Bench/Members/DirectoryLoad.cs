using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shoal.Bench.Members;

/// <summary>Asks a directory as its clients do: one connection a request.</summary>
internal sealed class DirectoryLoad(IPEndPoint directory)
{
    private const int MostReplyBytes = 1024 * 1024;

    /// <summary>Sends a request and reads its reply to the end.</summary>
    public async Task<int> AskAsync(string request, byte[] buffer, CancellationToken cancellation)
    {
        using var socket = new Socket(directory.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        await socket.ConnectAsync(directory, cancellation);
        int length = Encoding.UTF8.GetBytes(request, buffer);
        await socket.SendAsync(buffer.AsMemory(0, length), cancellation);
        int filled = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(filled), cancellation) is var read && read > 0)
        {
            filled += read;
        }

        return filled;
    }

    /// <summary>Sends many requests over some connections at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="connections">At once.</param>
    /// <param name="request">The request of a number.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Requests a second.</returns>
    /// <exception cref="BenchFailure">A reply was another than code 0.</exception>
    public async Task<double> RateAsync(
        int count, int connections, Func<int, string> request, CancellationToken cancellation)
    {
        int last = -1;
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(AskOnAsync, cancellation)));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;

        async Task AskOnAsync()
        {
            byte[] buffer = new byte[MostReplyBytes];
            while (Interlocked.Increment(ref last) is var number && number < count)
            {
                int length = await AskAsync(request(number), buffer, cancellation);
                if (length < 2 || buffer[0] != '0' || buffer[1] != 0)
                {
                    throw new BenchFailure(
                        $"'{request(number)}' was answered '{Encoding.UTF8.GetString(buffer, 0, length)}'");
                }
            }
        }
    }
}
