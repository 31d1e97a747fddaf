using Shoal.Core.Content;

namespace Shoal.Hosts.Edge;

/// <summary>
/// A content at an edge as a stream of verified bytes, also while they still come; the chunk behind the one that is
/// read is fetched meanwhile.
/// </summary>
internal sealed class EdgeStream(Manifest manifest, EdgeDesk desk) : Stream
{
    private long _position;
    private EdgeChunk? _current;
    private TaskCompletionSource<EdgeChunk>? _next;
    private ChunkIndex _nextIndex;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => manifest.Length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Bytes that were read.</summary>
    public long Taken { get; private set; }

    /// <exception cref="EdgeReadException">The content cannot be read on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var index = new ChunkIndex((int)(_position / manifest.Layout.ChunkSize));
        if (_current?.Chunk.Index != index)
        {
            await MoveAsync(index, cancellationToken);
        }

        int offset = (int)(_position - manifest.Layout.RangeOf(index).Offset);
        int count = Math.Min(buffer.Length, _current!.Length - offset);
        _current.Bytes!.AsMemory(offset, count).CopyTo(buffer);
        _position += count;
        Taken += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Part();
            Abandon();
        }

        base.Dispose(disposing);
    }

    // One's own chunk goes back before the next is waited for: readers that hold one and wait for another would wait
    // for each other when memory is full.
    private async Task MoveAsync(ChunkIndex index, CancellationToken cancellationToken)
    {
        Part();
        if (_next is null || _nextIndex != index)
        {
            Abandon();
            Prepare(index);
        }

        _current = await desk.AwaitAsync(_next!, cancellationToken);
        _next = null;
        if (index.Value + 1 < manifest.ChunkCount)
        {
            Prepare(new ChunkIndex(index.Value + 1));
        }
    }

    private void Prepare(ChunkIndex index)
    {
        _next = desk.Need(manifest, index);
        _nextIndex = index;
    }

    private void Part()
    {
        if (_current is { } current)
        {
            _current = null;
            desk.GiveBack(current);
        }
    }

    private void Abandon()
    {
        if (_next is { } next)
        {
            _next = null;
            desk.Abandon(next);
        }
    }
}
