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
/// A connection with another peer. Its own task receives what comes; only the results go to the loop.
/// </summary>
internal sealed class PeerLink : IAsyncDisposable
{
    private readonly FrameConnection<PeerMessage, PeerMessage> _connection;
    private readonly HostLoop<PeerHostEvent> _loop;
    private readonly ILogger _log;
    private volatile string? _closeReason;
    private volatile bool _isAtFault;

    public PeerLink(
        PeerId peer, TransportConnection transport, ConnectionOptions options, HostLoop<PeerHostEvent> loop,
        SwarmFolder folder, ILogger log)
    {
        Peer = peer;
        _loop = loop;
        _log = log;
        Chunks = new LinkChunks(peer, peer.Brief, loop, folder, log);
        _connection = new FrameConnection<PeerMessage, PeerMessage>(transport, new PeerSide(), options, Chunks);
    }

    public PeerId Peer { get; }

    /// <summary>The chunks on it, both ways.</summary>
    public LinkChunks Chunks { get; }

    public EndpointText Remote => _connection.Remote;

    /// <summary>When it came up, by the loop's clock.</summary>
    public TimeSpan UpSince { get; set; }

    /// <summary>Why it ended, once it has.</summary>
    public string EndReason => _closeReason ?? _connection.End?.Reason ?? "closed";

    /// <summary>Whether it ended for something that the other end did wrong.</summary>
    public bool IsAtFault => _isAtFault
        || _connection.End?.Cause is EndCause.Malformed or EndCause.TooSlow or EndCause.Silent;

    public void Send(PeerMessage message) => _connection.Send(message);

    public void Upload(ChunkRef chunk, int length) => _connection.Upload(new ChunkHeader(chunk, length));

    /// <summary>Says what is queued, then closes.</summary>
    public Task CloseAsync(string reason, TimeSpan limit)
    {
        _closeReason ??= reason;
        return _connection.CloseAsync(reason, limit, CancellationToken.None);
    }

    /// <summary>Closes at once.</summary>
    public ValueTask AbortAsync(string reason)
    {
        _closeReason ??= reason;
        return _connection.AbortAsync(reason);
    }

    /// <summary>Closes at once, for something that the other end did wrong.</summary>
    public ValueTask BlameAsync(string reason)
    {
        _isAtFault = true;
        return AbortAsync(reason);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Tells the loop of the connection, of all that comes on it, and of its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using (_connection)
        {
            try
            {
                await _loop.PostAsync(new PeerHostEvent.LinkUp(this), cancellationToken);
                await ReceiveAllAsync(cancellationToken);
            }
            finally
            {
                await _loop.PostAsync(new PeerHostEvent.LinkDown(this), CancellationToken.None);
            }
        }
    }

    private async Task ReceiveAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Received<PeerMessage> received = await _connection.ReceiveAsync(cancellationToken);
            switch (received.Kind)
            {
                case ReceivedKind.Message:
                    if (_log.IsEnabled(LogLevel.Debug))
                    {
                        _log.Received(Peer.Brief, received.Message!.GetType().Name);
                    }

                    await TellAsync(new SwarmPeerEvent.FromPeer(Peer, received.Message!), cancellationToken);
                    break;
                case ReceivedKind.Chunk:
                    await ReceiveChunkAsync(received.Chunk, cancellationToken);
                    break;
                default:
                    return;
            }
        }
    }

    private async Task ReceiveChunkAsync(ChunkHeader header, CancellationToken cancellationToken)
    {
        if (await Chunks.ReceiveAsync(_connection, header, cancellationToken) is { } result)
        {
            await TellAsync(result, cancellationToken);
        }
    }

    private async Task TellAsync(SwarmPeerEvent @event, CancellationToken cancellationToken) =>
        await _loop.PostAsync(new PeerHostEvent.FromLink(this, @event), cancellationToken);
}
