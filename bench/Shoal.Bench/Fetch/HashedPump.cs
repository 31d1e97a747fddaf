using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Shoal.Bench.Fetch;

/// <summary>
/// The least that two ends of a verified transfer must do: one reads a file and sends it, the other receives, hashes
/// every chunk with SHA-256 and writes it once; two threads, blocking sockets, no rules.
/// </summary>
internal static class HashedPump
{
    private const int ChunkSize = 256 * 1024;

    /// <summary>Moves a file once over loopback; returns how many bytes came.</summary>
    public static long Move(string source, string target)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = new Thread(() => Send(listener, source));
        sending.Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        long came = Receive(socket, target);
        sending.Join();
        return came;
    }

    private static void Send(TcpListener listener, string source)
    {
        using Socket socket = listener.AcceptSocket();
        using SafeFileHandle file = File.OpenHandle(source);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
        long offset = 0;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
        {
            for (int sent = 0; sent < read;)
            {
                sent += socket.Send(buffer.AsSpan(sent, read - sent));
            }
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static long Receive(Socket socket, string target)
    {
        using SafeFileHandle file = File.OpenHandle(target, FileMode.Create, FileAccess.Write);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        long written = 0;
        for (int filled = Fill(socket, buffer); filled > 0; filled = Fill(socket, buffer))
        {
            SHA256.HashData(buffer.AsSpan(0, filled), digest);
            RandomAccess.Write(file, buffer.AsSpan(0, filled), written);
            written += filled;
        }

        return written;
    }

    private static int Fill(Socket socket, byte[] buffer)
    {
        int filled = 0;
        for (int read = 1; read > 0 && filled < buffer.Length; filled += read)
        {
            read = socket.Receive(buffer.AsSpan(filled));
        }

        return filled;
    }
}
