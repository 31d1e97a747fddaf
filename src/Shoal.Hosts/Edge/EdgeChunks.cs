using System.Buffers;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// The chunks that readers at an edge's HTTP door read just now: however many read one, it is read from the disk once,
/// or asked of the origin once, and verified once. For the loop only.
/// </summary>
internal sealed class EdgeChunks(TierShell shell, Action<ContentId> lose)
{
    /// <summary>What is in memory at most; who needs more waits.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>A chunk that was not where it was said to be is looked for again so often.</summary>
    public const int MostMisses = 8;

    private readonly Dictionary<ChunkRef, EdgeChunk> _chunks = [];
    private readonly LinkedList<EdgeChunk> _queued = [];
    private readonly LinkedList<EdgeChunk> _idle = [];
    private TierLink? _origin;

    /// <summary>What is in memory, or has its room there.</summary>
    public long Bytes { get; private set; }

    /// <summary>Who is asked for what is not here; null: nobody just now.</summary>
    public void Ask(TierLink? origin)
    {
        _origin = origin;
        foreach (EdgeChunk chunk in _chunks.Values.Where(chunk => chunk.HasRoom && chunk.Bytes is null).ToArray())
        {
            Fetch(chunk);
        }
    }

    /// <summary>Somebody needs a chunk, and gives it back.</summary>
    public void Need(Manifest manifest, ChunkIndex index, TaskCompletionSource<EdgeChunk> waiter)
    {
        var key = new ChunkRef(manifest.Id, index);
        if (!_chunks.TryGetValue(key, out EdgeChunk? chunk))
        {
            chunk = new EdgeChunk(manifest, key);
            _chunks.Add(key, chunk);
            chunk.Waiters.Add(waiter);
            _queued.AddLast(chunk);
            Admit();
            return;
        }

        chunk.Waiters.RemoveAll(other => other.Task.IsCompleted);
        chunk.Waiters.Add(waiter);
        HandOut(chunk);
    }

    /// <summary>Somebody needs a chunk no longer.</summary>
    public void GiveBack(EdgeChunk chunk)
    {
        if (--chunk.Readers == 0)
        {
            _idle.AddLast(chunk);
            Admit();
        }
    }

    /// <summary>A chunk is on the shelf now.</summary>
    public void Stored(ChunkRef key)
    {
        if (_chunks.TryGetValue(key, out EdgeChunk? chunk) && chunk is { HasRoom: true, Bytes: null })
        {
            Fetch(chunk);
        }
    }

    /// <summary>A chunk came past the shelf; null: it was wrong.</summary>
    public void Landed(ChunkRef key, byte[]? bytes)
    {
        if (!_chunks.TryGetValue(key, out EdgeChunk? chunk) || chunk is not { HasRoom: true, Bytes: null })
        {
            Return(bytes);
        }
        else if (bytes is null)
        {
            Fail(chunk, "the origin sent a chunk whose hash is wrong");
        }
        else
        {
            Fill(chunk, bytes);
        }
    }

    /// <summary>The origin does not have a content any more as it was.</summary>
    public void Declined(ContentId content)
    {
        foreach (EdgeChunk chunk in Of(content))
        {
            Fail(chunk, "the file has changed at the origin, or is gone there");
        }
    }

    /// <summary>A content is on the shelf no longer.</summary>
    public void GaveUp(ContentId content)
    {
        foreach (EdgeChunk chunk in Of(content).Where(chunk => chunk.HasRoom))
        {
            Fetch(chunk);
        }
    }

    /// <summary>Forgets what nobody waits for any more.</summary>
    public void Tick()
    {
        foreach (EdgeChunk chunk in _chunks.Values.Where(each => each.Bytes is null && each.IsIdle).ToArray())
        {
            Remove(chunk);
        }

        Admit();
    }

    private EdgeChunk[] Of(ContentId content) =>
        [.. _chunks.Values.Where(chunk => chunk.Chunk.Content == content && chunk.Bytes is null)];

    // First come, first served: what is large does not wait for ever behind what is small.
    private void Admit()
    {
        while (_queued.First is { Value: var next })
        {
            while (Bytes + next.Length > MostBytes && _idle.First is { Value: var idle })
            {
                Remove(idle);
            }

            if (Bytes > 0 && Bytes + next.Length > MostBytes)
            {
                return;
            }

            _queued.RemoveFirst();
            next.HasRoom = true;
            Bytes += next.Length;
            Fetch(next);
        }
    }

    private void Fetch(EdgeChunk chunk)
    {
        if (shell.Folder.Has(chunk.Chunk))
        {
            shell.Landing.Forget(chunk.Chunk);
            shell.Tasks.Run(() => ReadAsync(chunk));
            return;
        }

        shell.Landing.Expect(chunk.Chunk, chunk.Manifest);
        _origin?.Send(new PeerMessage.Request([chunk.Chunk]));
    }

    private async Task ReadAsync(EdgeChunk chunk)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(chunk.Length);
        Memory<byte> read = bytes.AsMemory(0, chunk.Length);
        ReadOutcome outcome = shell.Folder.Read(chunk.Chunk, 0, read.Span);
        if (outcome == ReadOutcome.Done && !chunk.Manifest.IsRight(chunk.Chunk.Index, read.Span))
        {
            outcome = ReadOutcome.ContentLost;
        }

        await shell.Loop.PostAsync(
            TierHostEvent.Work.Of(() => TakeRead(chunk, bytes, outcome)), shell.Stopping);
    }

    private void TakeRead(EdgeChunk chunk, byte[] bytes, ReadOutcome outcome)
    {
        bool isNeeded = _chunks.GetValueOrDefault(chunk.Chunk) == chunk && chunk.Bytes is null;
        if (isNeeded && outcome == ReadOutcome.Done)
        {
            Fill(chunk, bytes);
            return;
        }

        Return(bytes);
        if (outcome == ReadOutcome.ContentLost)
        {
            lose(chunk.Chunk.Content);
        }

        if (!isNeeded)
        {
            return;
        }

        if (++chunk.Misses >= MostMisses)
        {
            Fail(chunk, "its copy here cannot be read");
        }
        else
        {
            Fetch(chunk);
        }
    }

    private void Fill(EdgeChunk chunk, byte[] bytes)
    {
        chunk.Bytes = bytes;
        _idle.AddLast(chunk);
        HandOut(chunk);
    }

    private void HandOut(EdgeChunk chunk)
    {
        if (chunk.Bytes is null)
        {
            return;
        }

        foreach (TaskCompletionSource<EdgeChunk> waiter in chunk.Waiters)
        {
            if (waiter.TrySetResult(chunk) && chunk.Readers++ == 0)
            {
                _idle.Remove(chunk);
            }
        }

        chunk.Waiters.Clear();
    }

    private void Fail(EdgeChunk chunk, string reason)
    {
        Remove(chunk);
        foreach (TaskCompletionSource<EdgeChunk> waiter in chunk.Waiters)
        {
            waiter.TrySetException(new EdgeReadException(reason));
        }

        Admit();
    }

    private void Remove(EdgeChunk chunk)
    {
        _chunks.Remove(chunk.Chunk);
        shell.Landing.Forget(chunk.Chunk);
        if (chunk.HasRoom)
        {
            Bytes -= chunk.Length;
            _idle.Remove(chunk);
        }
        else
        {
            _queued.Remove(chunk);
        }

        Return(chunk.Bytes);
        chunk.Bytes = null;
    }

    private static void Return(byte[]? bytes)
    {
        if (bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
