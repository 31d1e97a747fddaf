using System.Collections.Concurrent;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Edge;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A connection in a <see cref="MemoryTier"/> whose one end says what its test wants; chunks that come are only noted.
/// </summary>
internal sealed class TierTalk : IChunkSource, IAsyncDisposable
{
    private const string Swarm = "edge tier t";

    private static readonly PeerId s_self = new(1, 2);
    private static readonly HandshakeOptions s_handshake = new() { Role = EndRole.Peer, Expected = EndRole.Peer };

    private readonly FrameConnection<TierMessage, TierMessage> _connection;
    private readonly ConcurrentQueue<ChunkRef> _chunks = new();
    private readonly Task _hearing;

    private TierTalk(TransportConnection transport)
    {
        _connection = new FrameConnection<TierMessage, TierMessage>(
            transport, new TierSide(), new ConnectionOptions { SilenceLimit = Limits.Wait }, this);
        _hearing = HearAsync();
    }

    /// <summary>What the other end said.</summary>
    public Heard<TierMessage> Heard { get; } = new("a member");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens a door for <see cref="AcceptAsync"/>.</summary>
    public static async Task<Door> ListenAsync(ITransport network, string host) => new(
        await network.ListenAsync(new EndpointText(host, 0), Stop), new DoorOptions { Handshake = s_handshake });

    /// <summary>Dials the member that listens where this line of its log says.</summary>
    public static async Task<TierTalk> DialAsync(ITransport network, string listening)
    {
        Assert.True(EndpointText.TryParse(
            ProcessSwarm.FieldOf(listening, "address"), null, out EndpointText address));
        Assert.True(PeerId.TryParse(ProcessSwarm.FieldOf(listening, "peer"), out PeerId other));
        TransportConnection connection = Assert.IsType<DialResult.Connected>(
            await new Dialer(network, s_handshake).DialAsync(address, Stop)).Connection;
        Assert.IsType<GreetingResult.Met>(await PeerGreeting.InitiateAsync(
            connection, new PeerIntroduction(Swarm, s_self, other), s_handshake, Stop));
        return new TierTalk(connection);
    }

    /// <summary>Lets in the first one who dials.</summary>
    public static async Task<TierTalk> AcceptAsync(Door door)
    {
        TransportConnection connection = (await door.AcceptAsync(Stop))!;
        Assert.IsType<GreetingResult.Met>(
            await PeerGreeting.RespondAsync(connection, Swarm, s_self, s_handshake, Stop));
        return new TierTalk(connection);
    }

    public void Say(TierMessage message) => Assert.True(_connection.Send(message));

    public void Say(PeerMessage message) => Say(new TierMessage.Said(message));

    /// <summary>The first of what peers say to each other, past or to come, of this kind.</summary>
    public async Task<T> WaitForAsync<T>() where T : PeerMessage =>
        (T)(await Heard.WaitForAsync<TierMessage.Said>(said => said.Message is T)).Message;

    /// <summary>Waits until a chunk has come so often.</summary>
    public Task CameAsync(ChunkRef chunk, int times) =>
        Limits.UntilAsync(() => _chunks.Count(came => came == chunk) == times, $"{chunk} has come {times} times");

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hearing;
    }

    ValueTask<bool> IChunkSource.ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    void IChunkSource.Ended(ChunkRef chunk, UploadOutcome outcome)
    {
    }

    private async Task HearAsync()
    {
        while (true)
        {
            switch (await _connection.ReceiveAsync(CancellationToken.None))
            {
                case { Kind: ReceivedKind.Chunk } received:
                    _chunks.Enqueue(received.Chunk.Chunk);
                    break;
                case { Message: { } message }:
                    Heard.Add(message);
                    break;
                default:
                    Heard.End();
                    return;
            }
        }
    }
}
