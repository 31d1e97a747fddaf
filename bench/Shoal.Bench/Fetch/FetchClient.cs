using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Shoal.Bench.Fetch;

/// <summary>
/// The least that a client must do, the same for every source: asks, skips what comes before the content, and writes
/// the rest to a file until the connection closes; a blocking socket and one buffer.
/// </summary>
internal static class FetchClient
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Fetches once; returns how many bytes of content came.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="request">What to send.</param>
    /// <param name="headEnd">What ends whatever comes before the content.</param>
    /// <param name="target">The file to write.</param>
    public static long Fetch(IPEndPoint source, string request, string headEnd, string target)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(source);
        socket.Send(Encoding.UTF8.GetBytes(request));
        using SafeFileHandle file = File.OpenHandle(target, FileMode.Create, FileAccess.Write);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
        byte[] mark = Encoding.UTF8.GetBytes(headEnd);
        int filled = 0;
        int start = -1;
        while (start < 0)
        {
            int read = socket.Receive(buffer.AsSpan(filled));
            if (read == 0)
            {
                throw new BenchFailure($"{source} closed the connection before its content.");
            }

            filled += read;
            int at = buffer.AsSpan(0, filled).IndexOf(mark);
            start = at < 0 ? -1 : at + mark.Length;
        }

        long written = 0;
        while (filled > 0)
        {
            RandomAccess.Write(file, buffer.AsSpan(start, filled - start), written);
            written += filled - start;
            start = 0;
            filled = socket.Receive(buffer);
        }

        return written;
    }

    /// <summary>What asks a user's machine for a file.</summary>
    public static string DirectoryRequest(string file) => $"GET_FILE\0{file}\0";

    /// <summary>What asks a web program for a file, and no more on that connection.</summary>
    public static string WebRequest(string file, int port) => string.Create(
        CultureInfo.InvariantCulture, $"GET /{file} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n");
}
