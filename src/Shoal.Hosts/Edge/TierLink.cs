using System.Buffers;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Edge;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// A connection in an edge tier. What comes is hashed and stored on its own task, what goes is read on its writer; only
/// results go to the loop.
/// </summary>
internal sealed class TierLink : IChunkSource, IAsyncDisposable
{
    private readonly FrameConnection<TierMessage, TierMessage> _connection;
    private readonly HostLoop<TierHostEvent> _loop;
    private readonly SwarmFolder _folder;
    private readonly EdgeLanding _landing;
    private readonly ILogger _log;
    private volatile string? _closeReason;

    public TierLink(
        PeerId peer, TransportConnection transport, ConnectionOptions options, HostLoop<TierHostEvent> loop,
        SwarmFolder folder, EdgeLanding landing, ILogger log)
    {
        Peer = peer;
        _loop = loop;
        _folder = folder;
        _landing = landing;
        _log = log;
        _connection = new FrameConnection<TierMessage, TierMessage>(transport, new TierSide(), options, this);
        Uploads = new TierUploads(folder, options.Time, header => _connection.Upload(header));
    }

    public PeerId Peer { get; }

    /// <summary>What is on its way to the other end.</summary>
    public TierUploads Uploads { get; }

    public EndpointText Remote => _connection.Remote;

    /// <summary>Why it ended, once it has.</summary>
    public string EndReason => _closeReason ?? _connection.End?.Reason ?? "closed";

    /// <summary>Bytes of chunks that came.</summary>
    public long Received => _connection.Counters.PayloadReceived;

    public void Send(TierMessage message)
    {
        _connection.Send(message);
        if (_log.IsEnabled(LogLevel.Debug))
        {
            _log.Sent(Peer.Brief, message.GetType().Name);
        }
    }

    public void Send(PeerMessage message) => Send(new TierMessage.Said(message));

    /// <summary>Says what is queued, then closes.</summary>
    public Task CloseAsync(string reason, TimeSpan limit)
    {
        _closeReason ??= reason;
        return _connection.CloseAsync(reason, limit, CancellationToken.None);
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
                await _loop.PostAsync(new TierHostEvent.LinkUp(this), cancellationToken);
                while (await ReceiveAsync(cancellationToken))
                {
                }
            }
            finally
            {
                await _loop.PostAsync(new TierHostEvent.LinkDown(this), CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadOutcome outcome = _folder.Read(chunk, offset, buffer.Span);
        if (outcome == ReadOutcome.ContentLost)
        {
            _loop.TryPost(new TierHostEvent.SourceLost(chunk.Content));
        }

        return ValueTask.FromResult(outcome == ReadOutcome.Done);
    }

    /// <inheritdoc/>
    public LentFile? TryLend(ChunkRef chunk) => _folder.TryLend(chunk);

    /// <inheritdoc/>
    public void Ended(ChunkRef chunk, UploadOutcome outcome)
    {
        if (outcome == UploadOutcome.Unreadable)
        {
            Uploads.Release(chunk);
        }
        else if (_log.IsEnabled(LogLevel.Debug))
        {
            _log.ChunkSent(chunk.Content.Brief, chunk.Index.Value, Peer.Brief);
        }
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        Received<TierMessage> received = await _connection.ReceiveAsync(cancellationToken);
        switch (received.Kind)
        {
            case ReceivedKind.Message:
                if (_log.IsEnabled(LogLevel.Debug))
                {
                    _log.Received(Peer.Brief, received.Message!.GetType().Name);
                }

                await TakeAsync(received.Message!, cancellationToken);
                return true;
            case ReceivedKind.Chunk:
                return await ReceiveChunkAsync(received.Chunk, cancellationToken);
            default:
                return false;
        }
    }

    // What is only about the pace of chunks does not concern the loop.
    private async ValueTask TakeAsync(TierMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case TierMessage.Said { Message: PeerMessage.Alive }:
                break;
            case TierMessage.Said { Message: PeerMessage.Have have }:
                Release(have.Chunks);
                break;
            default:
                if (message is TierMessage.Said { Message: PeerMessage.Decline declined })
                {
                    Release(declined.Chunks);
                }

                await _loop.PostAsync(new TierHostEvent.Heard(this, message), cancellationToken);
                if (message is TierMessage.Order { Kind: not TransferKind.Delivery })
                {
                    await WaitForLoopAsync(cancellationToken);
                }

                break;
        }
    }

    private void Release(ImmutableArray<ChunkRef> chunks)
    {
        foreach (ChunkRef chunk in chunks)
        {
            Uploads.Release(chunk);
        }
    }

    // Chunks come right behind the order to make room for them, and behind what tells a client that it wants them.
    private async Task WaitForLoopAsync(CancellationToken cancellationToken)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _loop.PostAsync(TierHostEvent.Work.Of(heard.SetResult), cancellationToken);
        await heard.Task.WaitAsync(cancellationToken);
    }

    private async ValueTask<bool> ReceiveChunkAsync(ChunkHeader header, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.PayloadLength);
        try
        {
            Memory<byte> payload = buffer.AsMemory(0, header.PayloadLength);
            if (!await _connection.ReadChunkAsync(payload, cancellationToken))
            {
                return false;
            }

            TierHostEvent? result = Store(header.Chunk, payload.Span);
            // What is not known here, not yet or no longer, may be asked for later: nobody has it by this.
            Send(result is null ? new PeerMessage.Decline([header.Chunk]) : new PeerMessage.Have([header.Chunk]));
            if (result is not null)
            {
                await _loop.PostAsync(result, cancellationToken);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TierHostEvent? Store(ChunkRef chunk, ReadOnlySpan<byte> payload)
    {
        try
        {
            StoreOutcome outcome = _folder.Store(chunk, payload);
            if (outcome == StoreOutcome.Stored && _log.IsEnabled(LogLevel.Debug))
            {
                _log.ChunkStored(chunk.Content.Brief, chunk.Index.Value, payload.Length, Peer.Brief);
            }

            return outcome switch
            {
                StoreOutcome.Stored or StoreOutcome.AlreadyStored => new TierHostEvent.Stored(this, chunk),
                StoreOutcome.Corrupt => new TierHostEvent.Corrupt(this, chunk),
                _ => _landing.Take(chunk, payload),
            };
        }
        catch (FolderException e)
        {
            return new TierHostEvent.Unstored(this, chunk, e.Message);
        }
    }
}
