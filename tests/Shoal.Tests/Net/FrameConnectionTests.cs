using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Tests.Wire;
using static Shoal.Tests.Net.ConnectionDesk;

namespace Shoal.Tests.Net;

/// <summary>What passes a connection while all is well.</summary>
public sealed class FrameConnectionTests : IAsyncLifetime
{
    private readonly ConnectionDesk _desk = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact(Timeout = Hang.Limit)]
    public async Task MessagesGoBothWaysInOrder()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<HubMessage, MemberMessage> member = _desk.Open(near, new MemberSide());
        FrameConnection<MemberMessage, HubMessage> hub = _desk.Open(far, new HubSide());
        List<MemberMessage> said = [.. Frames.All[1].Random(1).Cast<MemberMessage>()];
        List<HubMessage> answered = [.. Frames.All[2].Random(1).Cast<HubMessage>()];

        Assert.All(said, message => Assert.True(member.Send(message)));
        Assert.All(answered, message => Assert.True(hub.Send(message)));

        await ExpectAsync(hub, said);
        await ExpectAsync(member, answered);
        Assert.Equal(member.Counters.BytesSent, hub.Counters.BytesReceived);
        Assert.Equal(hub.Counters.BytesSent, member.Counters.BytesReceived);
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(262_144)]
    [InlineData(262_145)]
    [InlineData(ChunkLayout.LargestSize)]
    public async Task ChunksArriveAsTheyAre(int length)
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
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
            [(first.Chunk, UploadOutcome.Sent), (second.Chunk, UploadOutcome.Sent)], _desk.Chunks.Outcomes);
        Assert.Equal(2 * length, near.Counters.PayloadSent);
        Assert.Equal(2 * (length + ChunkHeader.FrameSize), near.Counters.BytesSent);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AMessageOvertakesChunksThatWait()
    {
        var gate = new TaskCompletionSource();
        _desk.Chunks.Gate = gate.Task;
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        near.Upload(TestChunks.Chunk(1, 1000));
        await UntilAsync(() => _desk.Pool.Rented > 0);
        near.Upload(TestChunks.Chunk(2, 1000));
        near.Send(new PeerMessage.Alive());
        gate.SetResult();

        Assert.Equal(1, (await far.ReceiveAsync(Stop)).Chunk.Chunk.Index.Value);
        Assert.IsType<PeerMessage.Alive>((await far.ReceiveAsync(Stop)).Message);
        Assert.Equal(2, (await far.ReceiveAsync(Stop)).Chunk.Chunk.Index.Value);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task APayloadThatNobodyReadsIsSkipped()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        near.Upload(TestChunks.Chunk(1, 300_000));
        near.Upload(TestChunks.Chunk(2, 300_000));
        near.Upload(TestChunks.Chunk(3, 10));

        await far.ReceiveAsync(Stop);
        await far.ReceiveAsync(Stop);
        Assert.Equal(1000, await FillAsync(far, new byte[1000]));
        Assert.Equal(TestChunks.Chunk(3, 10), (await far.ReceiveAsync(Stop)).Chunk);
        Assert.Equal(TestChunks.BytesOf(TestChunks.Chunk(3, 10)), await ReadPayloadAsync(far, 100));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task BytesThatDripInOneByOneAreReadAllTheSame()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect(bufferBytes: 1);
        FrameConnection<PeerMessage, PeerMessage> sender = _desk.Open(near, new PeerSide(), _desk.Chunks);
        FrameConnection<PeerMessage, PeerMessage> receiver = _desk.Open(far, new PeerSide());
        List<PeerMessage> said = [.. Frames.All[0].Random(4).Cast<PeerMessage>()];
        said.ForEach(message => sender.Send(message));
        sender.Upload(TestChunks.Chunk(9, 77));

        await ExpectAsync(receiver, said);
        Assert.Equal(TestChunks.Chunk(9, 77), (await receiver.ReceiveAsync(Stop)).Chunk);
        Assert.Equal(TestChunks.BytesOf(TestChunks.Chunk(9, 77)), await ReadPayloadAsync(receiver, 10));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AManifestOfManyFramesPasses()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        FrameConnection<HubMessage, MemberMessage> member = _desk.Open(near, new MemberSide());
        FrameConnection<MemberMessage, HubMessage> hub = _desk.Open(far, new HubSide());
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

    [Fact(Timeout = Hang.Limit)]
    public async Task AnIdleConnectionKeepsOneSmallBuffer()
    {
        (FrameConnection<PeerMessage, PeerMessage> near, FrameConnection<PeerMessage, PeerMessage> far) =
            _desk.Peers();
        near.Upload(TestChunks.Chunk(1, 1_000_000));
        near.Send(new PeerMessage.Hold([new Holding(default, new Bitfield(2_000_000))]));
        for (int i = 0; i < 2; i++)
        {
            await far.ReceiveAsync(Stop);
            await ReadPayloadAsync(far, 100_000);
        }

        ValueTask<Received<PeerMessage>> receiving = far.ReceiveAsync(Stop);
        await UntilAsync(() => _desk.Pool.Rented == 1);
        await far.DisposeAsync();
        await receiving;
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task UploadsKeepToTheLimit()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect(bufferBytes: 4_000_000);
        var limit = new RateLimit(1_000_000, _desk.Time);
        var sender = new FrameConnection<PeerMessage, PeerMessage>(
            near, new PeerSide(), _desk.Options() with { Up = limit }, _desk.Chunks);
        _desk.Own(sender);
        FrameConnection<PeerMessage, PeerMessage> receiver = _desk.Open(far, new PeerSide());
        Task<int> reading = CountPayloadAsync(receiver);
        sender.Upload(TestChunks.Chunk(1, 2_000_000));

        double seconds = 0;
        while (await Task.WhenAny(reading, _desk.Time.TimerMadeAsync(Stop)) != reading)
        {
            _desk.Time.Advance(TimeSpan.FromMilliseconds(30));
            seconds += 0.03;
            Assert.InRange(
                receiver.Counters.PayloadReceived, 0, (1_000_000 * (seconds + 0.05)) + (2 * limit.Portion));
        }

        Assert.Equal(2_000_000, await reading);
        Assert.InRange(seconds, 1.8, 2.5);
    }
}
