using System.Buffers;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Hub;

/// <summary>
/// A member's connection, with the chunks on it: what it uploads is checked here, on the connection's own task, before
/// the swarm's loop hears of it; what is delivered is read from the store.
/// </summary>
internal sealed class MemberLink : IChunkSource, IAsyncDisposable
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);

    // Plain ones, that take nothing while they are empty: most members need no relay.
    private readonly Lock _gate = new();
    private readonly HashSet<ChunkRef> _asked = [];
    private readonly Queue<ChunkRef> _sent = [];
    private readonly TimeProvider _time;
    private HostedSwarm? _swarm;

    public MemberLink(LinkId id, TransportConnection transport, ConnectionOptions options)
    {
        Id = id;
        _time = options.Time;
        Connection = new FrameConnection<MemberMessage, HubMessage>(transport, new HubSide(), options, this);
    }

    public LinkId Id { get; }

    public FrameConnection<MemberMessage, HubMessage> Connection { get; }

    /// <summary>Whether the hub is hanging up on it; for the loop alone.</summary>
    public bool IsParting { get; set; }

    /// <summary>The swarm that its member has joined.</summary>
    public void Enter(HostedSwarm swarm) => _swarm = swarm;

    public void Send(HubMessage message)
    {
        switch (message)
        {
            case HubMessage.FromRelay { Message: PeerMessage.Request request }:
                lock (_gate)
                {
                    _asked.UnionWith(request.Chunks);
                }

                break;
            case HubMessage.Order { Kind: OccupationKind.Upload } order:
                lock (_gate)
                {
                    _asked.Add(order.Chunk);
                }

                break;
            case HubMessage.FromRelay { Message: PeerMessage.Cancel cancel }:
                lock (_gate)
                {
                    _asked.ExceptWith(cancel.Chunks);
                }

                break;
            default:
                break;
        }

        Connection.Send(message);
    }

    /// <summary>Delivers a chunk that the swarm's store keeps.</summary>
    public void Deliver(ChunkRef chunk, int length) => Connection.Upload(new ChunkHeader(chunk, length));

    /// <summary>Deliveries that have ended since the last call, for the loop.</summary>
    public bool TryTakeSent(out ChunkRef chunk)
    {
        lock (_gate)
        {
            return _sent.TryDequeue(out chunk);
        }
    }

    /// <summary>The loop had no room for one.</summary>
    public void PutBack(ChunkRef chunk)
    {
        lock (_gate)
        {
            _sent.Enqueue(chunk);
        }
    }

    /// <summary>
    /// Takes in a chunk whose beginning has come. One that was not asked for, or is asked for no longer, is skipped.
    /// </summary>
    /// <param name="header">Its beginning.</param>
    /// <param name="manifest">What its content is, as far as that is known.</param>
    /// <param name="store">Where it goes.</param>
    /// <param name="alive">Told now and then while a slow uplink is at it, behind which messages wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the loop has to know; null: nothing.</returns>
    public async ValueTask<SwarmTrackerEvent?> ReceiveChunkAsync(
        ChunkHeader header, Manifest? manifest, RelayStore store, Func<ValueTask> alive,
        CancellationToken cancellationToken)
    {
        if (!TryTakeAsked(header.Chunk) || manifest is null)
        {
            return null;
        }

        if (manifest.LengthOf(header.Chunk.Index) != header.PayloadLength)
        {
            return new SwarmTrackerEvent.ChunkCorrupt(Id, header.Chunk);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.PayloadLength);
        bool isKept = false;
        try
        {
            Memory<byte> payload = buffer.AsMemory(0, header.PayloadLength);
            long heard = _time.GetTimestamp();
            for (int filled = 0; filled < payload.Length;)
            {
                if (_time.GetElapsedTime(heard) > AliveInterval)
                {
                    heard = _time.GetTimestamp();
                    await alive();
                }

                int read = await Connection.ReadPayloadAsync(payload[filled..], cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                filled += read;
            }

            if (!manifest.IsRight(header.Chunk.Index, payload.Span))
            {
                return new SwarmTrackerEvent.ChunkCorrupt(Id, header.Chunk);
            }

            store.Keep(header.Chunk, buffer, payload.Length);
            isKept = true;
            return new SwarmTrackerEvent.ChunkCame(Id, header.Chunk);
        }
        finally
        {
            if (!isKept)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_swarm?.Store.TryRead(chunk, offset, buffer.Span) == true);

    /// <inheritdoc/>
    public void Ended(ChunkRef chunk, UploadOutcome outcome)
    {
        // The writer must not wait for the loop; if its queue is full the next tick takes this too.
        PutBack(chunk);
        _swarm?.Delivered(this, chunk);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private bool TryTakeAsked(ChunkRef chunk)
    {
        lock (_gate)
        {
            return _asked.Remove(chunk);
        }
    }
}
