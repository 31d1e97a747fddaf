using System.Diagnostics.CodeAnalysis;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Net;

/// <summary>Chunks that go from a file to a socket without being read.</summary>
public sealed class FilesOnSocketsTests : IAsyncLifetime
{
    private const int Length = 4 << 20;

    private readonly TcpTransport _transport = new(new TcpOptions());
    private readonly FileChunks _chunks = new(Length);
    private Door? _door;
    private TransportConnection? _dialled;
    private TransportConnection? _accepted;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var peer = new HandshakeOptions { Role = EndRole.Peer, Expected = EndRole.Peer };
        ITransportListener listener = await _transport.ListenAsync(new EndpointText("127.0.0.1", 0), Stop);
        _door = new Door(listener, new DoorOptions { Handshake = peer });
        var dialled = (DialResult.Connected)await new Dialer(_transport, peer).DialAsync(_door.Local, Stop);
        _dialled = dialled.Connection;
        _accepted = await _door.AcceptAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _door!.DisposeAsync();
        _dialled?.Dispose();
        _accepted?.Dispose();
        _chunks.Dispose();
    }

    [Theory(Timeout = Limits.Hang)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoDialledAndWhoWasDialledSendFromTheirFiles(bool isDialled)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere all is read");
        await using FrameConnection<PeerMessage, PeerMessage> sender = Sender(isDialled);
        await using FrameConnection<PeerMessage, PeerMessage> receiver = Receiver(!isDialled);
        int[] lengths = [1, 16 * 1024, 128 * 1024, (128 * 1024) + 1, 1 << 20, Length];
        foreach (int length in lengths)
        {
            Assert.True(sender.Upload(FileChunks.Header(length)));
            Assert.True(sender.Send(new PeerMessage.Alive()));
        }

        foreach (int length in lengths)
        {
            Assert.Equal(_chunks.BytesOf(length), await ReceiveAsync(receiver, length));
        }

        Assert.Equal(lengths.Sum(length => length < 128 * 1024 ? length : 32 * 1024), _chunks.Read);
        Assert.Equal(lengths.Sum(), receiver.Counters.PayloadReceived);
        await sender.DisposeAsync();
        Assert.Equal(lengths.Sum(), sender.Counters.PayloadSent);
        Assert.Equal(4, _chunks.Lent);
        Assert.Equal(0, _chunks.Open);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task WhatIsLimitedIsRead()
    {
        await using FrameConnection<PeerMessage, PeerMessage> sender =
            Sender(isDialled: true, new ConnectionOptions { Up = new RateLimit(1e9, TimeProvider.System) });
        await using FrameConnection<PeerMessage, PeerMessage> receiver = Receiver(isDialled: false);
        sender.Upload(FileChunks.Header(Length));

        Assert.Equal(_chunks.BytesOf(Length), await ReceiveAsync(receiver, Length));
        Assert.Equal(Length, _chunks.Read);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task AChunkThatChangesOnItsWayIsNotFinished()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere all is read");
        await using FrameConnection<PeerMessage, PeerMessage> sender = Sender(isDialled: true);
        await using FrameConnection<PeerMessage, PeerMessage> receiver = Receiver(isDialled: false);
        _chunks.IsIntact = false;
        sender.Upload(FileChunks.Header(Length));

        Assert.Null(await ReceiveAsync(receiver, Length));
        Assert.Equal(EndCause.Unreadable, sender.End!.Cause);
        Assert.Equal([UploadOutcome.Unreadable], _chunks.Outcomes);
        Assert.Equal(0, _chunks.Open);
    }

    [Theory(Timeout = Limits.Hang)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFileThatIsCutShortEndsTheConnection(bool isUnderWay)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere all is read");
        await using FrameConnection<PeerMessage, PeerMessage> sender = Sender(isDialled: true);
        await using FrameConnection<PeerMessage, PeerMessage> receiver = Receiver(isDialled: false);
        if (!isUnderWay)
        {
            _chunks.Cut();
        }

        sender.Upload(FileChunks.Header(Length));
        Received<PeerMessage> received = await receiver.ReceiveAsync(Stop);
        Assert.Equal(ReceivedKind.Chunk, received.Kind);
        if (isUnderWay)
        {
            // The rest waits until somebody reads.
            _chunks.Cut();
        }

        Assert.False(await receiver.ReadChunkAsync(new byte[Length], Stop));
        Assert.Equal(EndCause.Unreadable, sender.End!.Cause);
        Assert.Equal(0, _chunks.Open);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task AConnectionThatIsClosedWhileItSendsLetsTheFileGo()
    {
        await using FrameConnection<PeerMessage, PeerMessage> sender = Sender(isDialled: true);
        await using FrameConnection<PeerMessage, PeerMessage> receiver = Receiver(isDialled: false);
        sender.Upload(FileChunks.Header(Length));
        Assert.Equal(ReceivedKind.Chunk, (await receiver.ReceiveAsync(Stop)).Kind);

        await sender.AbortAsync("enough");

        Assert.Equal(EndCause.ClosedHere, sender.End!.Cause);
        Assert.Equal(0, _chunks.Open);
    }

    private FrameConnection<PeerMessage, PeerMessage> Sender(bool isDialled, ConnectionOptions? options = null) =>
        new(isDialled ? _dialled! : _accepted!, new PeerSide(), options ?? new ConnectionOptions(), _chunks);

    private FrameConnection<PeerMessage, PeerMessage> Receiver(bool isDialled) =>
        new(isDialled ? _dialled! : _accepted!, new PeerSide(), new ConnectionOptions());

    private static async Task<byte[]?> ReceiveAsync(
        FrameConnection<PeerMessage, PeerMessage> connection, int length)
    {
        Received<PeerMessage> received;
        do
        {
            received = await connection.ReceiveAsync(Stop);
        }
        while (received.Kind == ReceivedKind.Message);
        var bytes = new byte[length];
        return received.Kind == ReceivedKind.Chunk && await connection.ReadChunkAsync(bytes, Stop) ? bytes : null;
    }

    /// <summary>A file whose chunks all begin at the same place.</summary>
    private sealed class FileChunks : IChunkSource, IDisposable
    {
        private const int Offset = 1000;

        private readonly string _path = Path.GetTempFileName();
        private readonly byte[] _bytes;
        private readonly FileStream _stream;

        public FileChunks(int length)
        {
            _bytes = new byte[Offset + length];
            for (int i = 0; i < _bytes.Length; i++)
            {
                _bytes[i] = (byte)DeterministicRandom.Mix((ulong)i);
            }

            File.WriteAllBytes(_path, _bytes);
            _stream = new FileStream(
                _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous);
        }

        public int Read { get; private set; }

        public int Lent { get; private set; }

        public int Open { get; private set; }

        public bool IsIntact { get; set; } = true;

        public List<UploadOutcome> Outcomes { get; } = [];

        public static ChunkHeader Header(int length) => new(new ChunkRef(default, new ChunkIndex(0)), length);

        public byte[] BytesOf(int length) => _bytes.AsSpan(Offset, length).ToArray();

        public void Cut()
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(Length / 2);
        }

        public ValueTask<bool> ReadAsync(
            ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Read += buffer.Length;
            _bytes.AsSpan(Offset + offset, buffer.Length).CopyTo(buffer.Span);
            return ValueTask.FromResult(true);
        }

        [SuppressMessage("Reliability", "CA2000", Justification = "Whoever it is lent to disposes of it.")]
        public LentFile? TryLend(ChunkRef chunk)
        {
            Lent++;
            Open++;
            return new LentFile(_stream, Offset, () => IsIntact && _stream.Length == _bytes.Length, new Rental(this));
        }

        public void Ended(ChunkRef chunk, UploadOutcome outcome) => Outcomes.Add(outcome);

        public void Dispose()
        {
            _stream.Dispose();
            File.Delete(_path);
        }

        private sealed class Rental(FileChunks chunks) : IDisposable
        {
            public void Dispose() => chunks.Open--;
        }
    }
}
