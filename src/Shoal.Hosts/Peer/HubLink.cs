using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// A peer's connection with the hub: dials, and dials again with backoff for as long as the peer runs.
/// </summary>
internal sealed class HubLink(
    PeerOptions options, SwarmFolder folder, ITransport transport, ConnectionOptions limits,
    HostLoop<PeerHostEvent> loop, TimeProvider time, ILogger log)
{
    private readonly HubDialing _dialing = new(transport, options.Hub, options.Key, time, log);

    private FrameConnection<HubMessage, MemberMessage>? _connection;
    private LinkChunks? _chunks;
    private volatile bool _isLeaving;

    /// <summary>The chunks on the connection that is up; null: none is.</summary>
    public LinkChunks? Chunks => Volatile.Read(ref _chunks);

    /// <summary>Queues a message; dropped while there is no connection.</summary>
    public void Send(MemberMessage message)
    {
        // The hub hangs up at once on whoever leaves, which is no reason to dial it again.
        _isLeaving |= message is MemberMessage.Leave;
        Volatile.Read(ref _connection)?.Send(message);
    }

    /// <summary>Sends a chunk that the relay asked for.</summary>
    public void Upload(ChunkRef chunk, int length) =>
        Volatile.Read(ref _connection)?.Upload(new ChunkHeader(chunk, length));

    /// <summary>Says what is queued, then closes.</summary>
    public Task CloseAsync()
    {
        _isLeaving = true;
        return Volatile.Read(ref _connection)?.CloseAsync("left", options.CloseLimit, CancellationToken.None)
            ?? Task.CompletedTask;
    }

    /// <summary>Keeps the connection until it is told to stop.</summary>
    /// <exception cref="PeerException">The hub will not talk to this peer: the key or the version is wrong.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await _dialing.RunAsync(
            connection => ConverseAsync(connection, cancellationToken), cancellationToken) is { } refusal)
        {
            throw new PeerException(refusal);
        }
    }

    private async Task<string?> ConverseAsync(
        TransportConnection transportConnection, CancellationToken cancellationToken)
    {
        var chunks = new LinkChunks(PeerId.Relay, "hub", loop, folder, log);
        var connection = new FrameConnection<HubMessage, MemberMessage>(
            transportConnection, new MemberSide(), limits with { SilenceLimit = options.Silence }, chunks);
        await using (connection)
        {
            Volatile.Write(ref _connection, connection);
            Volatile.Write(ref _chunks, chunks);
            try
            {
                await loop.PostAsync(new PeerHostEvent.HubUp(), cancellationToken);
                while (await connection.ReceiveAsync(cancellationToken) is { Kind: not ReceivedKind.End } received)
                {
                    SwarmPeerEvent? fact = received.Kind == ReceivedKind.Chunk
                        ? await chunks.ReceiveAsync(connection, received.Chunk, cancellationToken)
                        : Heard(received.Message!);
                    if (fact is not null)
                    {
                        await loop.PostAsync(new PeerHostEvent.Fact(fact), cancellationToken);
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _connection, null);
                Volatile.Write(ref _chunks, null);
                await loop.PostAsync(
                    new PeerHostEvent.Fact(new SwarmPeerEvent.HubLost()), CancellationToken.None);
            }
        }

        return _isLeaving ? null : connection.End?.Reason ?? "closed";
    }

    private SwarmPeerEvent.FromHub Heard(HubMessage message)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Received("hub", message.GetType().Name);
        }

        return new SwarmPeerEvent.FromHub(message);
    }
}
