using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Shoal.Bench.Contest;
using Shoal.Net.Transport;

namespace Shoal.Bench.Pump;

/// <summary>
/// A peer that does the least that anybody must: serves its file to each of the others and pulls theirs, by
/// plain threads and blocking sockets; read, send, receive, hash every 256 KiB with SHA-256, write once. No
/// rules at all; the same congestion control on loopback as Shoal has.
/// </summary>
internal sealed class PumpPeer(int self, string folder, string address)
{
    private const int ChunkSize = 256 * 1024;

    private readonly List<(int Owner, Socket Socket)> _pulls = [];
    private readonly List<Socket> _pushes = [];

    /// <summary>
    /// Talks with the run over standard input and output: port, addresses, connected, start, done.
    /// </summary>
    public int Run()
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        using var listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        DoNotPaceOnLoopback(listener, local);
        listener.Bind(local);
        listener.Listen();
        Console.WriteLine($"port {((IPEndPoint)listener.LocalEndPoint!).Port}");
        string[] peers = Console.ReadLine()!.Split(' ');
        Connect(listener, peers);
        Console.WriteLine("connected");
        if (Console.ReadLine() != "start")
        {
            return 1;
        }

        long start = Stopwatch.GetTimestamp();
        Thread[] threads =
        [
            .. _pushes.Select(socket => new Thread(() => Push(socket))),
            .. _pulls.Select(pull => new Thread(() => Pull(pull.Owner, pull.Socket))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"done {seconds.ToString("R", CultureInfo.InvariantCulture)}");

        // The run reads this process' peak memory before it lets it go.
        Console.ReadLine();
        return 0;
    }

    private void Connect(Socket listener, string[] peers)
    {
        for (int owner = 0; owner < peers.Length; owner++)
        {
            if (owner != self)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                var peer = IPEndPoint.Parse(peers[owner]);
                DoNotPaceOnLoopback(socket, peer);
                socket.Connect(peer);
                _pulls.Add((owner, socket));
            }
        }

        for (int i = 1; i < peers.Length; i++)
        {
            _pushes.Add(listener.Accept());
        }
    }

    private static void DoNotPaceOnLoopback(Socket socket, IPEndPoint endpoint)
    {
        if (IPAddress.IsLoopback(endpoint.Address))
        {
            LinuxTcp.DoNotPace(socket);
        }
    }

    private void Push(Socket socket)
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(folder, Arena.FileOf(self)));
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
        long length = RandomAccess.GetLength(file);
        BinaryPrimitives.WriteInt64BigEndian(buffer, length);
        socket.Send(buffer.AsSpan(0, sizeof(long)));
        for (long offset = 0; offset < length;)
        {
            int count = RandomAccess.Read(file, buffer, offset);
            SendAll(socket, buffer.AsSpan(0, count));
            offset += count;
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private void Pull(int owner, Socket socket)
    {
        using SafeFileHandle file = File.OpenHandle(
            Path.Combine(folder, Arena.FileOf(owner)), FileMode.Create, FileAccess.Write);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        ReceiveAll(socket, buffer.AsSpan(0, sizeof(long)));
        long length = BinaryPrimitives.ReadInt64BigEndian(buffer);
        for (long offset = 0; offset < length; offset += ChunkSize)
        {
            Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(ChunkSize, length - offset));
            ReceiveAll(socket, chunk);
            SHA256.HashData(chunk, digest);
            RandomAccess.Write(file, chunk, offset);
        }
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static void ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = socket.Receive(bytes);
            if (count == 0)
            {
                throw new BenchFailure("The other end closed its connection too early.");
            }

            bytes = bytes[count..];
        }
    }
}
