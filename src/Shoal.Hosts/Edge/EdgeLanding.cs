using System.Buffers;
using System.Collections.Concurrent;
using Shoal.Core.Content;

namespace Shoal.Hosts.Edge;

/// <summary>
/// Where chunks land that an edge asked for and has no room to keep: in memory, if they are right. Safe for the loop
/// and for the tasks of connections.
/// </summary>
internal sealed class EdgeLanding
{
    private readonly ConcurrentDictionary<ChunkRef, Manifest> _expected = [];

    /// <summary>A chunk was asked for.</summary>
    public void Expect(ChunkRef chunk, Manifest manifest) => _expected[chunk] = manifest;

    /// <summary>Nobody needs it any more, or it came otherwise.</summary>
    public void Forget(ChunkRef chunk) => _expected.TryRemove(chunk, out _);

    /// <summary>Takes a chunk that came; null: it was not asked for.</summary>
    public TierHostEvent.Landed? Take(ChunkRef chunk, ReadOnlySpan<byte> payload)
    {
        if (!_expected.TryRemove(chunk, out Manifest? manifest))
        {
            return null;
        }

        if (!manifest.IsRight(chunk.Index, payload))
        {
            return new TierHostEvent.Landed(chunk, payload.Length, null);
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(bytes);
        return new TierHostEvent.Landed(chunk, payload.Length, bytes);
    }
}
