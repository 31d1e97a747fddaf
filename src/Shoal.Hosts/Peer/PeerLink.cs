using System.Buffers;
using System.Collections.Concurrent;
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
/// A connection with another peer. Its own task receives, hashes and stores chunks; its writer reads what is uploaded.
/// Only the results go to the loop.
/// </summary>
internal sealed class PeerLink : IChunkSource, IAsyncDisposable
{
    private readonly FrameConnection<PeerMessage, PeerMessage> _connection;
    private readonly HostLoop<PeerHostEvent> _loop;
    private readonly SwarmFolder _folder;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<ChunkRef> _ended = new();
    private readonly ConcurrentQueue<ContentId> _lost = new();
    private volatile string? _closeReason;
    private volatile bool _isAtFault;

    public PeerLink(
        PeerId peer, TransportConnection transport, ConnectionOptions options, HostLoop<PeerHostEvent> loop,
        SwarmFolder folder, ILogger log)
    {
        Peer = peer;
        _loop = loop;
        _folder = folder;
        _log = log;
        _connection = new FrameConnection<PeerMessage, PeerMessage>(transport, new PeerSide(), options, this);
    }

    public PeerId Peer { get; }

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

    /// <summary>Uploads that have ended since the last call, for the loop.</summary>
    public bool TryTakeEnded(out ChunkRef chunk) => _ended.TryDequeue(out chunk);

    /// <summary>Contents that turned out to be lost since the last call, for the loop.</summary>
    public bool TryTakeLost(out ContentId content) => _lost.TryDequeue(out content);

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadOutcome outcome = _folder.Read(chunk, offset, buffer.Span);
        if (outcome == ReadOutcome.ContentLost)
        {
            _lost.Enqueue(chunk.Content);
        }

        return ValueTask.FromResult(outcome == ReadOutcome.Done);
    }

    /// <inheritdoc/>
    public void Ended(ChunkRef chunk, UploadOutcome outcome)
    {
        // The writer must not wait for the loop; if the queue is full the next tick takes these too.
        _ended.Enqueue(chunk);
        _loop.TryPost(new PeerHostEvent.Uploaded(this));
        if (outcome == UploadOutcome.Sent && _log.IsEnabled(LogLevel.Debug))
        {
            _log.ChunkSent(chunk.Content.Brief, chunk.Index.Value, Peer.Brief);
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
        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.PayloadLength);
        try
        {
            int filled = 0;
            while (filled < header.PayloadLength)
            {
                int read = await _connection.ReadPayloadAsync(
                    buffer.AsMemory(filled, header.PayloadLength - filled), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                filled += read;
            }

            StoreOutcome outcome = _folder.Store(header.Chunk, buffer.AsSpan(0, filled));
            if (_log.IsEnabled(LogLevel.Debug) && outcome == StoreOutcome.Stored)
            {
                _log.ChunkStored(header.Chunk.Content.Brief, header.Chunk.Index.Value, filled, Peer.Brief);
            }

            SwarmPeerEvent? result = outcome switch
            {
                StoreOutcome.Stored => new SwarmPeerEvent.ChunkStored(Peer, header.Chunk),
                StoreOutcome.Corrupt => new SwarmPeerEvent.ChunkCorrupt(Peer, header.Chunk),
                _ => null,
            };
            if (result is not null)
            {
                await TellAsync(result, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task TellAsync(SwarmPeerEvent @event, CancellationToken cancellationToken) =>
        await _loop.PostAsync(new PeerHostEvent.FromLink(this, @event), cancellationToken);
}
