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

    // Set by the loop alone, as it hears of connections: what it says in answer to one never goes out on the next,
    // where a second join would cost the peer its place.
    private volatile HubLine? _line;
    private volatile bool _isLeaving;

    /// <summary>The chunks on the connection that is up; null: none is.</summary>
    public LinkChunks? Chunks => _line?.Chunks;

    /// <summary>The loop has heard of a connection.</summary>
    public void Up(HubLine line) => _line = line;

    /// <summary>The loop has heard that it is down.</summary>
    public void Down() => _line = null;

    /// <summary>Queues a message; dropped while there is no connection.</summary>
    public void Send(MemberMessage message)
    {
        // The hub hangs up at once on whoever leaves, which is no reason to dial it again.
        _isLeaving |= message is MemberMessage.Leave;
        _line?.Connection.Send(message);
    }

    /// <summary>Sends a chunk that the relay asked for.</summary>
    public void Upload(ChunkRef chunk, int length) =>
        _line?.Connection.Upload(new ChunkHeader(chunk, length));

    /// <summary>Says what is queued, then closes.</summary>
    public Task CloseAsync()
    {
        _isLeaving = true;
        return _line?.Connection.CloseAsync("left", options.CloseLimit, CancellationToken.None)
            ?? Task.CompletedTask;
    }

    /// <summary>Keeps the connection until it is told to stop.</summary>
    /// <exception cref="HostException">The hub will not talk to this peer: the key or the version is wrong.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await _dialing.RunAsync(
            connection => ConverseAsync(connection, cancellationToken), cancellationToken) is { } refusal)
        {
            throw new HostException($"{refusal}.");
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
            try
            {
                await loop.PostAsync(new PeerHostEvent.HubUp(new HubLine(connection, chunks)), cancellationToken);
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
                await loop.PostAsync(new PeerHostEvent.HubDown(), CancellationToken.None);
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
