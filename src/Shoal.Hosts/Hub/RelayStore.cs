using System.Buffers;
using System.Collections.Concurrent;
using Shoal.Core.Content;

namespace Shoal.Hosts.Hub;

/// <summary>
/// The chunks that a swarm's relay keeps while they are being delivered: in rented memory, never on a disk. The relay's
/// machine bounds how many there are.
/// </summary>
internal sealed class RelayStore
{
    private readonly ConcurrentDictionary<ChunkRef, Kept> _chunks = new();

    // Both are bytes of payload, added to by connections' tasks.
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Payload that members uploaded, in bytes.</summary>
    public long BytesIn => Volatile.Read(ref _bytesIn);

    /// <summary>Payload that was delivered, in bytes.</summary>
    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>
    /// Keeps a chunk in memory that is rented from the shared pool and belongs to the store from now on.
    /// </summary>
    public void Keep(ChunkRef chunk, byte[] rented, int length)
    {
        Interlocked.Add(ref _bytesIn, length);
        if (!_chunks.TryAdd(chunk, new Kept(rented, length)))
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The length of a chunk that is kept; 0: it is not.</summary>
    public int LengthOf(ChunkRef chunk) => _chunks.TryGetValue(chunk, out Kept? kept) ? kept.Length : 0;

    /// <summary>Copies bytes of a chunk; false: it is not kept any more.</summary>
    public bool TryRead(ChunkRef chunk, int offset, Span<byte> buffer)
    {
        if (!_chunks.TryGetValue(chunk, out Kept? kept) || !kept.TryBorrow())
        {
            return false;
        }

        kept.Bytes.AsSpan(offset, buffer.Length).CopyTo(buffer);
        kept.GiveBack();
        return true;
    }

    /// <summary>A chunk has been delivered.</summary>
    public void Sent(int length) => Interlocked.Add(ref _bytesOut, length);

    /// <summary>Forgets a chunk.</summary>
    public void Release(ChunkRef chunk)
    {
        if (_chunks.TryRemove(chunk, out Kept? kept))
        {
            kept.GiveBack();
        }
    }

    /// <summary>Forgets all of them: the swarm is over.</summary>
    public void Clear()
    {
        foreach (ChunkRef chunk in _chunks.Keys)
        {
            Release(chunk);
        }
    }

    /// <summary>Rented memory with a count of its users; the last one gives it back to the pool.</summary>
    private sealed class Kept(byte[] bytes, int length)
    {
        private int _users = 1;

        public byte[] Bytes => bytes;

        public int Length => length;

        public bool TryBorrow()
        {
            for (int users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            {
                if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                {
                    return true;
                }
            }

            return false;
        }

        public void GiveBack()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }
}
