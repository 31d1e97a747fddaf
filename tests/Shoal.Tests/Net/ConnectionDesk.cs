using Shoal.Core.Exchange;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Net;

/// <summary>Opens connections for tests, and sees to it that every buffer comes back.</summary>
internal sealed class ConnectionDesk : IAsyncDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly List<IAsyncDisposable> _open = [];

    public ProbePool Pool { get; } = new();

    public TestTime Time { get; } = new();

    public TestChunks Chunks { get; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable connection in _open)
        {
            await connection.DisposeAsync();
        }

        Assert.Equal(0, Pool.Rented);
    }

    public void Own(IAsyncDisposable connection) => _open.Add(connection);

    public static async Task<int> CountPayloadAsync(FrameConnection<PeerMessage, PeerMessage> connection)
    {
        await connection.ReceiveAsync(Stop);
        return (await ReadPayloadAsync(connection, 100_000)).Length;
    }

    public static async Task<byte[]> ReadPayloadAsync<TIn, TOut>(
        FrameConnection<TIn, TOut> connection, int bufferBytes)
        where TIn : class
        where TOut : class
    {
        using var all = new MemoryStream();
        var buffer = new byte[bufferBytes];
        while (await connection.ReadPayloadAsync(buffer, Stop) is > 0 and int read)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    public static async Task<int> FillAsync(
        FrameConnection<PeerMessage, PeerMessage> connection, byte[] buffer)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            length += await connection.ReadPayloadAsync(buffer.AsMemory(length), Stop);
        }

        return length;
    }

    public static async Task ExpectAsync<TIn, TOut>(
        FrameConnection<TIn, TOut> connection, List<TIn> expected)
        where TIn : class
        where TOut : class
    {
        foreach (TIn message in expected)
        {
            Assert.Equal(ValueText.Of(message), ValueText.Of((await connection.ReceiveAsync(Stop)).Message));
        }
    }

    public static async Task CloseBothAsync(
        FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far)
    {
        Task closing = near.CloseAsync("done", Long, Stop);
        Assert.Equal(ReceivedKind.End, (await far.ReceiveAsync(Stop)).Kind);
        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        await closing;
    }

    // What another task will do soon shows only in its traces.
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public (FrameConnection<PeerMessage, PeerMessage> Near, FrameConnection<PeerMessage, PeerMessage> Far)
        Peers()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        return (Open(near, new PeerSide(), Chunks), Open(far, new PeerSide()));
    }

    public FrameConnection<TIn, TOut> Open<TIn, TOut>(
        TransportConnection transport, IConversation<TIn, TOut> conversation, IChunkSource? chunks = null)
        where TIn : class
        where TOut : class
    {
        var connection = new FrameConnection<TIn, TOut>(transport, conversation, Options(), chunks);
        _open.Add(connection);
        return connection;
    }

    public ConnectionOptions Options() => new() { Pool = Pool, Time = Time };
}
