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

    /// <summary>
    /// Whether a chunk that came twice is to be released twice; false by default: once. The star lets the same chunk
    /// come again while it is here.
    /// </summary>
    public bool IsCounting { get; init; }

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
        var fresh = new Kept(rented, length);
        while (!_chunks.TryAdd(chunk, fresh))
        {
            // One that has just been let go of for the last time is about to leave the table.
            if (_chunks.TryGetValue(chunk, out Kept? known) && (!IsCounting || known.TryKeepAgain()))
            {
                ArrayPool<byte>.Shared.Return(rented);
                return;
            }
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
        if (_chunks.TryGetValue(chunk, out Kept? kept) && kept.LetGo() && _chunks.TryRemove(chunk, out _))
        {
            kept.GiveBack();
        }
    }

    /// <summary>Forgets all of them: the swarm is over.</summary>
    public void Clear()
    {
        foreach (ChunkRef chunk in _chunks.Keys)
        {
            while (_chunks.ContainsKey(chunk))
            {
                Release(chunk);
            }
        }
    }

    /// <summary>
    /// Rented memory with a count of its users; the last one gives it back to the pool. The store is one user, however
    /// often the chunk came.
    /// </summary>
    private sealed class Kept(byte[] bytes, int length)
    {
        private int _users = 1;
        private int _times = 1;

        public byte[] Bytes => bytes;

        public int Length => length;

        public bool TryBorrow() => TryIncrement(ref _users);

        /// <summary>It came once more; false: it has just been let go of.</summary>
        public bool TryKeepAgain() => TryIncrement(ref _times);

        /// <summary>Whether that was the last time.</summary>
        public bool LetGo() => Interlocked.Decrement(ref _times) == 0;

        public void GiveBack()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }

        private static bool TryIncrement(ref int count)
        {
            for (int seen = Volatile.Read(ref count); seen > 0; seen = Volatile.Read(ref count))
            {
                if (Interlocked.CompareExchange(ref count, seen + 1, seen) == seen)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
