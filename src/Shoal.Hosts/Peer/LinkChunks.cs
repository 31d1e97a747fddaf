using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// The chunks on one connection, both ways: what is to be sent is read here, on the connection's writer; what comes is
/// hashed and stored here, on its own task. Only the results go to the loop.
/// </summary>
/// <param name="peer">With whom; the relay is one more.</param>
/// <param name="name">The same, for the log.</param>
/// <param name="loop">Learns that uploads have ended.</param>
/// <param name="folder">Where chunks are read and stored.</param>
/// <param name="log">The log.</param>
internal sealed class LinkChunks(
    PeerId peer, string name, HostLoop<PeerHostEvent> loop, SwarmFolder folder, ILogger log) : IChunkSource
{
    private readonly ConcurrentQueue<ChunkRef> _ended = new();
    private readonly ConcurrentQueue<ContentId> _lost = new();

    public PeerId Peer { get; } = peer;

    /// <summary>Uploads that have ended since the last call, for the loop.</summary>
    public bool TryTakeEnded(out ChunkRef chunk) => _ended.TryDequeue(out chunk);

    /// <summary>Contents that turned out to be lost since the last call, for the loop.</summary>
    public bool TryTakeLost(out ContentId content) => _lost.TryDequeue(out content);

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReadOutcome outcome = folder.Read(chunk, offset, buffer.Span);
        if (outcome == ReadOutcome.ContentLost)
        {
            _lost.Enqueue(chunk.Content);
        }

        return ValueTask.FromResult(outcome == ReadOutcome.Done);
    }

    /// <inheritdoc/>
    public LentFile? TryLend(ChunkRef chunk) => folder.TryLend(chunk);

    /// <inheritdoc/>
    public void Ended(ChunkRef chunk, UploadOutcome outcome)
    {
        // The writer must not wait for the loop; if the queue is full the next tick takes these too.
        _ended.Enqueue(chunk);
        loop.TryPost(new PeerHostEvent.Uploaded(this));
        if (outcome == UploadOutcome.Sent && log.IsEnabled(LogLevel.Debug))
        {
            log.ChunkSent(chunk.Content.Brief, chunk.Index.Value, name);
        }
    }

    /// <summary>Takes in a chunk whose beginning has come.</summary>
    /// <returns>What the machine has to know; null: nothing.</returns>
    public async ValueTask<SwarmPeerEvent?> ReceiveAsync<TIn, TOut>(
        FrameConnection<TIn, TOut> connection, ChunkHeader header, CancellationToken cancellationToken)
        where TIn : class
        where TOut : class
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.PayloadLength);
        try
        {
            Memory<byte> payload = buffer.AsMemory(0, header.PayloadLength);
            if (!await connection.ReadChunkAsync(payload, cancellationToken))
            {
                return null;
            }

            StoreOutcome outcome = folder.Store(header.Chunk, payload.Span);
            if (outcome == StoreOutcome.Stored && log.IsEnabled(LogLevel.Debug))
            {
                log.ChunkStored(
                    header.Chunk.Content.Brief, header.Chunk.Index.Value, payload.Length, name);
            }

            return outcome switch
            {
                StoreOutcome.Stored or StoreOutcome.AlreadyStored => new SwarmPeerEvent.ChunkStored(Peer, header.Chunk),
                StoreOutcome.Corrupt => new SwarmPeerEvent.ChunkCorrupt(Peer, header.Chunk),
                _ => null,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
