using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Tests.Wire;
using static Shoal.Tests.Net.ConnectionDesk;

namespace Shoal.Tests.Net;

/// <summary>How connections end, and that it harms nobody else.</summary>
public sealed class ConnectionEndTests : IAsyncLifetime
{
    private readonly ConnectionDesk _desk = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact(Timeout = Hang.Limit)]
    public async Task AReceiverThatIsTooSlowLosesItsConnection()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), _desk.Options() with { MostQueuedMessages = 10 });
        _desk.Own(sender);
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

    [Fact(Timeout = Hang.Limit)]
    public void TooManyChunksThatWaitEndTheConnection()
    {
        _desk.Chunks.Gate = new TaskCompletionSource().Task;
        (TransportConnection near, _) = Ends.Connect();
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), _desk.Options() with { MostQueuedChunks = 10 }, _desk.Chunks);
        _desk.Own(sender);
        int queued = 0;
        while (sender.Upload(TestChunks.Chunk(queued, 1)))
        {
            Assert.InRange(++queued, 0, 11);
        }

        Assert.Equal(new ConnectionEnd(EndCause.TooSlow, "too many chunks wait to be sent"), sender.End);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AChunkThatHasGoneIsNotSentAndHarmsNothing()
    {
        _desk.Chunks.ReadableBytes = 0;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        near.Upload(TestChunks.Chunk(1, 1000));
        await UntilAsync(() => !_desk.Chunks.Outcomes.IsEmpty);
        near.Send(new PeerMessage.Alive());

        Assert.IsType<PeerMessage.Alive>((await far.ReceiveAsync(Stop)).Message);
        Assert.Equal([(TestChunks.Chunk(1, 1).Chunk, UploadOutcome.Unreadable)], _desk.Chunks.Outcomes);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AChunkThatGoesWhileItIsSentEndsTheConnection()
    {
        _desk.Chunks.ReadableBytes = 300_000;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        near.Upload(TestChunks.Chunk(1, 1_000_000));

        Assert.Equal(ReceivedKind.Chunk, (await far.ReceiveAsync(Stop)).Kind);
        Assert.InRange((await ReadPayloadAsync(far, 100_000)).Length, 1, 300_000);
        Assert.Equal(EndCause.Broken, far.End!.Cause);
        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        Assert.Equal(EndCause.Unreadable, near.End!.Cause);
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(
        "ffffffff10", EndCause.Malformed, "a PeerHold frame of 4294967295 bytes, the limit is 1048576")]
    [InlineData("0000000077", EndCause.Malformed, "unknown frame type 0x77")]
    [InlineData("0000000130", EndCause.Malformed, "unknown frame type 0x30")]
    [InlineData("000000011101", EndCause.Malformed, "PeerHave: the body ends too early")]
    [InlineData("000000", EndCause.Broken, "the other end stopped in the middle of a frame")]
    [InlineData("0000000511", EndCause.Broken, "the other end stopped in the middle of a frame")]
    [InlineData("", EndCause.ClosedThere, "closed by the other end")]
    public async Task ABadFrameEndsTheConnectionWithAReason(string hex, EndCause cause, string reason)
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<PeerMessage, PeerMessage> receiver = _desk.Open(far, new PeerSide());
        await near.SayAsync(Convert.FromHexString(hex));
        near.FinishSending();

        Assert.Equal(ReceivedKind.End, (await receiver.ReceiveAsync(Stop)).Kind);
        Assert.Equal(new ConnectionEnd(cause, reason), receiver.End);
        Assert.Equal(ReceivedKind.End, (await receiver.ReceiveAsync(Stop)).Kind);

        // The offender is disconnected, without waiting for anybody to dispose of anything.
        Assert.Empty(await near.ReadAllAsync());
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task ALongFrameThatNeverComesCostsLittle()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<PeerMessage, PeerMessage> receiver = _desk.Open(far, new PeerSide());
        await near.SayAsync(Convert.FromHexString("0010000010" + new string('0', 200)));
        ValueTask<Received<PeerMessage>> receiving = receiver.ReceiveAsync(Stop);
        await UntilAsync(() => receiver.Counters.BytesReceived == 105);
        Assert.InRange(_desk.Pool.RentedBytes, 1, 20_000);
        near.Dispose();
        Assert.Equal(ReceivedKind.End, (await receiving).Kind);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task ClosingSendsWhatIsQueuedFirst()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        List<PeerMessage> said = [.. Frames.All[0].Random(5).Cast<PeerMessage>()];
        said.ForEach(message => near.Send(message));
        near.Upload(TestChunks.Chunk(1, 500_000));
        Task closing = near.CloseAsync("done", ConnectionDesk.Long, Stop);

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

    [Fact(Timeout = Hang.Limit)]
    public async Task ClosingDoesNotWaitForeverForAnEndThatDoesNotListen()
    {
        (TransportConnection near, _) = Ends.Connect(bufferBytes: 10);
        FrameConnection<PeerMessage, PeerMessage> sender = _desk.Open(near, new PeerSide(), _desk.Chunks);
        sender.Upload(TestChunks.Chunk(1, 1000));
        Task closing = sender.CloseAsync("done", ConnectionDesk.Long, Stop);
        await _desk.Time.TimerMadeAsync(Stop);
        Assert.False(closing.IsCompleted);
        _desk.Time.Advance(ConnectionDesk.Long);
        await closing;
        Assert.Equal(new ConnectionEnd(EndCause.ClosedHere, "done"), sender.End);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task DisposingEndsAReadThatWaits()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        ValueTask<Received<PeerMessage>> receiving = near.ReceiveAsync(Stop);
        await near.AbortAsync("enough");
        Assert.Equal(ReceivedKind.End, (await receiving).Kind);
        Assert.Equal(new ConnectionEnd(EndCause.ClosedHere, "enough"), near.End);
        Assert.Equal(ReceivedKind.End, (await far.ReceiveAsync(Stop)).Kind);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task TwoReceiversAreAMistake()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, _) = _desk.Peers();
        ValueTask<Received<PeerMessage>> receiving = near.ReceiveAsync(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.ReceiveAsync(Stop));
        await near.DisposeAsync();
        await receiving;
    }
}
