using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Net;

public sealed class FrameConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(5);

    private readonly ProbePool _pool = new();
    private readonly TestTime _time = new();
    private readonly TestChunks _chunks = new();
    private readonly List<IAsyncDisposable> _open = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable connection in _open)
        {
            await connection.DisposeAsync();
        }

        Assert.Equal(0, _pool.Rented);
    }

    [Fact(Timeout = 10_000)]
    public async Task MessagesGoBothWaysInOrder()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<HubMessage, MemberMessage> member = Open(near, new MemberSide());
        FrameConnection<MemberMessage, HubMessage> hub = Open(far, new HubSide());
        List<MemberMessage> said = [.. Frames.All[1].Random(1).Cast<MemberMessage>()];
        List<HubMessage> answered = [.. Frames.All[2].Random(1).Cast<HubMessage>()];

        Assert.All(said, message => Assert.True(member.Send(message)));
        Assert.All(answered, message => Assert.True(hub.Send(message)));

        await ExpectAsync(hub, said);
        await ExpectAsync(member, answered);
        Assert.Equal(member.Counters.BytesSent, hub.Counters.BytesReceived);
        Assert.Equal(hub.Counters.BytesSent, member.Counters.BytesReceived);
    }

    [Theory(Timeout = 10_000)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(262_144)]
    [InlineData(262_145)]
    [InlineData(ChunkLayout.LargestSize)]
    public async Task ChunksArriveAsTheyAre(int length)
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        ChunkHeader first = TestChunks.Chunk(1, length);
        ChunkHeader second = TestChunks.Chunk(2, length);

        Assert.True(near.Upload(first) && near.Upload(second));

        foreach (ChunkHeader chunk in new[] { first, second })
        {
            Assert.Equal(chunk, (await far.ReceiveAsync(Stop)).Chunk);
            Assert.Equal(TestChunks.BytesOf(chunk), await ReadPayloadAsync(far, 100_000));
        }

        Assert.Equal(2 * length, far.Counters.PayloadReceived);
        await CloseBothAsync(near, far);
        Assert.Equal(
            [(first.Chunk, UploadOutcome.Sent), (second.Chunk, UploadOutcome.Sent)], _chunks.Outcomes);
        Assert.Equal(2 * length, near.Counters.PayloadSent);
        Assert.Equal(2 * (length + ChunkHeader.FrameSize), near.Counters.BytesSent);
    }

    [Fact(Timeout = 10_000)]
    public async Task AMessageOvertakesChunksThatWait()
    {
        var gate = new TaskCompletionSource();
        _chunks.Gate = gate.Task;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        near.Upload(TestChunks.Chunk(1, 1000));
        await UntilAsync(() => _pool.Rented > 0);
        near.Upload(TestChunks.Chunk(2, 1000));
        near.Send(new PeerMessage.Alive());
        gate.SetResult();

        Assert.Equal(1, (await far.ReceiveAsync(Stop)).Chunk.Chunk.Index.Value);
        Assert.IsType<PeerMessage.Alive>((await far.ReceiveAsync(Stop)).Message);
        Assert.Equal(2, (await far.ReceiveAsync(Stop)).Chunk.Chunk.Index.Value);
    }

    [Fact(Timeout = 10_000)]
    public async Task APayloadThatNobodyReadsIsSkipped()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        near.Upload(TestChunks.Chunk(1, 300_000));
        near.Upload(TestChunks.Chunk(2, 300_000));
        near.Upload(TestChunks.Chunk(3, 10));

        await far.ReceiveAsync(Stop);
        await far.ReceiveAsync(Stop);
        Assert.Equal(1000, await FillAsync(far, new byte[1000]));
        Assert.Equal(TestChunks.Chunk(3, 10), (await far.ReceiveAsync(Stop)).Chunk);
        Assert.Equal(TestChunks.BytesOf(TestChunks.Chunk(3, 10)), await ReadPayloadAsync(far, 100));
    }

    [Fact(Timeout = 10_000)]
    public async Task BytesThatDripInOneByOneAreReadAllTheSame()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect(bufferBytes: 1);
        FrameConnection<PeerMessage, PeerMessage> sender = Open(near, new PeerSide(), _chunks);
        FrameConnection<PeerMessage, PeerMessage> receiver = Open(far, new PeerSide());
        List<PeerMessage> said = [.. Frames.All[0].Random(4).Cast<PeerMessage>()];
        said.ForEach(message => sender.Send(message));
        sender.Upload(TestChunks.Chunk(9, 77));

        await ExpectAsync(receiver, said);
        Assert.Equal(TestChunks.Chunk(9, 77), (await receiver.ReceiveAsync(Stop)).Chunk);
        Assert.Equal(TestChunks.BytesOf(TestChunks.Chunk(9, 77)), await ReadPayloadAsync(receiver, 10));
    }

    [Fact(Timeout = 10_000)]
    public async Task AManifestOfManyFramesPasses()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<HubMessage, MemberMessage> member = Open(near, new MemberSide());
        FrameConnection<MemberMessage, HubMessage> hub = Open(far, new HubSide());
        var layout = new ChunkLayout(100_000L * ChunkLayout.SmallestSize, ChunkLayout.SmallestSize);
        var manifest = new Manifest(layout, new WireMessages(1).Digests(layout.ChunkCount));
        member.Send(new MemberMessage.Describe([manifest]));
        member.Send(new MemberMessage.Ready());

        var came = new List<ContentId>();
        while ((await hub.ReceiveAsync(Stop)).Message is MemberMessage.Describe part)
        {
            came.AddRange(part.Manifests.Select(m => m.Id));
        }

        Assert.Equal([manifest.Id], came);
    }

    [Fact(Timeout = 10_000)]
    public async Task AReceiverThatIsTooSlowLosesItsConnection()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), Options() with { MostQueuedMessages = 10 });
        _open.Add(sender);
        var hold = new PeerMessage.Hold([new Holding(default, new Bitfield(1_000_000))]);
        int sent = 0;
        while (sender.Send(hold))
        {
            Assert.InRange(++sent, 0, 20);
        }

        Assert.Equal(new ConnectionEnd(EndCause.TooSlow, "too many messages wait to be sent"), sender.End);
        Assert.False(sender.Send(new PeerMessage.Alive()));
        Assert.Equal(ReceivedKind.End, (await sender.ReceiveAsync(Stop)).Kind);
        far.Dispose();
    }

    [Fact(Timeout = 10_000)]
    public void TooManyChunksThatWaitEndTheConnection()
    {
        _chunks.Gate = new TaskCompletionSource().Task;
        (TransportConnection near, _) = Ends.Connect();
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), Options() with { MostQueuedChunks = 10 }, _chunks);
        _open.Add(sender);
        int queued = 0;
        while (sender.Upload(TestChunks.Chunk(queued, 1)))
        {
            Assert.InRange(++queued, 0, 11);
        }

        Assert.Equal(new ConnectionEnd(EndCause.TooSlow, "too many chunks wait to be sent"), sender.End);
    }

    [Fact(Timeout = 10_000)]
    public async Task AChunkThatHasGoneIsNotSentAndHarmsNothing()
    {
        _chunks.ReadableBytes = 0;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        near.Upload(TestChunks.Chunk(1, 1000));
        await UntilAsync(() => !_chunks.Outcomes.IsEmpty);
        near.Send(new PeerMessage.Alive());

        Assert.IsType<PeerMessage.Alive>((await far.ReceiveAsync(Stop)).Message);
        Assert.Equal([(TestChunks.Chunk(1, 1).Chunk, UploadOutcome.Unreadable)], _chunks.Outcomes);
    }

    [Fact(Timeout = 10_000)]
    public async Task AChunkThatGoesWhileItIsSentEndsTheConnection()
    {
        _chunks.ReadableBytes = 300_000;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        near.Upload(TestChunks.Chunk(1, 1_000_000));

        Assert.Equal(ReceivedKind.Chunk, (await far.ReceiveAsync(Stop)).Kind);
        Assert.InRange((await ReadPayloadAsync(far, 100_000)).Length, 1, 300_000);
        Assert.Equal(EndCause.Broken, far.End!.Cause);
        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        Assert.Equal(EndCause.Unreadable, near.End!.Cause);
    }

    [Theory(Timeout = 10_000)]
    [InlineData("ffffffff10", EndCause.Malformed, "a PeerHold frame of 4294967295 bytes, the limit is 1048576")]
    [InlineData("0000000077", EndCause.Malformed, "unknown frame type 0x77")]
    [InlineData("0000000130", EndCause.Malformed, "unknown frame type 0x30")]
    [InlineData("000000011101", EndCause.Malformed, "PeerHave: the body ends too early")]
    [InlineData("000000", EndCause.Broken, "the other end stopped in the middle of a frame")]
    [InlineData("0000000511", EndCause.Broken, "the other end stopped in the middle of a frame")]
    [InlineData("", EndCause.ClosedThere, "closed by the other end")]
    public async Task ABadFrameEndsTheConnectionWithAReason(string hex, EndCause cause, string reason)
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<PeerMessage, PeerMessage> receiver = Open(far, new PeerSide());
        await near.SayAsync(Convert.FromHexString(hex));
        near.FinishSending();

        Assert.Equal(ReceivedKind.End, (await receiver.ReceiveAsync(Stop)).Kind);
        Assert.Equal(new ConnectionEnd(cause, reason), receiver.End);
        Assert.Equal(ReceivedKind.End, (await receiver.ReceiveAsync(Stop)).Kind);

        // The offender is disconnected, without waiting for anybody to dispose of anything.
        Assert.Empty(await near.ReadAllAsync());
    }

    [Fact(Timeout = 10_000)]
    public async Task ALongFrameThatNeverComesCostsLittle()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<PeerMessage, PeerMessage> receiver = Open(far, new PeerSide());
        await near.SayAsync(Convert.FromHexString("0010000010" + new string('0', 200)));
        ValueTask<Received<PeerMessage>> receiving = receiver.ReceiveAsync(Stop);
        await UntilAsync(() => receiver.Counters.BytesReceived == 105);
        Assert.InRange(_pool.RentedBytes, 1, 20_000);
        near.Dispose();
        Assert.Equal(ReceivedKind.End, (await receiving).Kind);
    }

    [Fact(Timeout = 10_000)]
    public async Task ClosingSendsWhatIsQueuedFirst()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        List<PeerMessage> said = [.. Frames.All[0].Random(5).Cast<PeerMessage>()];
        said.ForEach(message => near.Send(message));
        near.Upload(TestChunks.Chunk(1, 500_000));
        Task closing = near.CloseAsync("done", s_long, Stop);

        await ExpectAsync(far, said);
        Assert.Equal(TestChunks.Chunk(1, 500_000), (await far.ReceiveAsync(Stop)).Chunk);
        Assert.Equal(500_000, (await ReadPayloadAsync(far, 100_000)).Length);
        Assert.Equal(ReceivedKind.End, (await far.ReceiveAsync(Stop)).Kind);
        Assert.Equal(EndCause.ClosedThere, far.End!.Cause);
        Assert.False(near.Send(new PeerMessage.Alive()));
        await far.DisposeAsync();

        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        await closing;
    }

    [Fact(Timeout = 10_000)]
    public async Task ClosingDoesNotWaitForeverForAnEndThatDoesNotListen()
    {
        (TransportConnection near, _) = Ends.Connect(bufferBytes: 10);
        FrameConnection<PeerMessage, PeerMessage> sender = Open(near, new PeerSide(), _chunks);
        sender.Upload(TestChunks.Chunk(1, 1000));
        Task closing = sender.CloseAsync("done", s_long, Stop);
        await _time.TimerMadeAsync(Stop);
        Assert.False(closing.IsCompleted);
        _time.Advance(s_long);
        await closing;
        Assert.Equal(new ConnectionEnd(EndCause.ClosedHere, "done"), sender.End);
    }

    [Fact(Timeout = 10_000)]
    public async Task DisposingEndsAReadThatWaits()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        ValueTask<Received<PeerMessage>> receiving = near.ReceiveAsync(Stop);
        await near.AbortAsync("enough");
        Assert.Equal(ReceivedKind.End, (await receiving).Kind);
        Assert.Equal(new ConnectionEnd(EndCause.ClosedHere, "enough"), near.End);
        Assert.Equal(ReceivedKind.End, (await far.ReceiveAsync(Stop)).Kind);
    }

    [Fact(Timeout = 10_000)]
    public async Task TwoReceiversAreAMistake()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, _) = Peers();
        ValueTask<Received<PeerMessage>> receiving = near.ReceiveAsync(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.ReceiveAsync(Stop));
        await near.DisposeAsync();
        await receiving;
    }

    [Fact(Timeout = 10_000)]
    public async Task AnIdleConnectionKeepsOneSmallBuffer()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) = Peers();
        near.Upload(TestChunks.Chunk(1, 1_000_000));
        near.Send(new PeerMessage.Hold([new Holding(default, new Bitfield(2_000_000))]));
        for (int i = 0; i < 2; i++)
        {
            await far.ReceiveAsync(Stop);
            await ReadPayloadAsync(far, 100_000);
        }

        ValueTask<Received<PeerMessage>> receiving = far.ReceiveAsync(Stop);
        await UntilAsync(() => _pool.Rented == 1);
        await far.DisposeAsync();
        await receiving;
    }

    [Fact(Timeout = 10_000)]
    public async Task UploadsKeepToTheLimit()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect(bufferBytes: 4_000_000);
        var limit = new RateLimit(1_000_000, _time);
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), Options() with { Up = limit }, _chunks);
        _open.Add(sender);
        FrameConnection<PeerMessage, PeerMessage> receiver = Open(far, new PeerSide());
        Task<int> reading = CountPayloadAsync(receiver);
        sender.Upload(TestChunks.Chunk(1, 2_000_000));

        double seconds = 0;
        while (await Task.WhenAny(reading, _time.TimerMadeAsync(Stop)) != reading)
        {
            _time.Advance(TimeSpan.FromMilliseconds(30));
            seconds += 0.03;
            Assert.InRange(receiver.Counters.PayloadReceived, 0, (1_000_000 * (seconds + 0.05)) + (2 * limit.Portion));
        }

        Assert.Equal(2_000_000, await reading);
        Assert.InRange(seconds, 1.8, 2.5);
    }

    private static async Task<int> CountPayloadAsync(FrameConnection<PeerMessage, PeerMessage> connection)
    {
        await connection.ReceiveAsync(Stop);
        return (await ReadPayloadAsync(connection, 100_000)).Length;
    }

    private static async Task<byte[]> ReadPayloadAsync<TIn, TOut>(FrameConnection<TIn, TOut> connection, int bufferBytes)
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

    private static async Task<int> FillAsync(FrameConnection<PeerMessage, PeerMessage> connection, byte[] buffer)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            length += await connection.ReadPayloadAsync(buffer.AsMemory(length), Stop);
        }

        return length;
    }

    private static async Task ExpectAsync<TIn, TOut>(FrameConnection<TIn, TOut> connection, List<TIn> expected)
        where TIn : class
        where TOut : class
    {
        foreach (TIn message in expected)
        {
            Assert.Equal(ValueText.Of(message), ValueText.Of((await connection.ReceiveAsync(Stop)).Message));
        }
    }

    private static async Task CloseBothAsync(
        FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far)
    {
        Task closing = near.CloseAsync("done", s_long, Stop);
        Assert.Equal(ReceivedKind.End, (await far.ReceiveAsync(Stop)).Kind);
        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        await closing;
    }

    // What another task will do soon shows only in its traces.
    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private (FrameConnection<PeerMessage, PeerMessage> Near, FrameConnection<PeerMessage, PeerMessage> Far) Peers()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        return (Open(near, new PeerSide(), _chunks), Open(far, new PeerSide()));
    }

    private FrameConnection<TIn, TOut> Open<TIn, TOut>(
        TransportConnection transport, IConversation<TIn, TOut> conversation, IChunkSource? chunks = null)
        where TIn : class
        where TOut : class
    {
        var connection = new FrameConnection<TIn, TOut>(transport, conversation, Options(), chunks);
        _open.Add(connection);
        return connection;
    }

    private ConnectionOptions Options() => new() { Pool = _pool, Time = _time };
}
