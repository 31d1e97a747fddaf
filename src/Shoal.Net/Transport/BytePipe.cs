namespace Shoal.Net.Transport;

/// <summary>
/// One direction of a connection within the process: a ring of bytes whose writer waits when it is full. The
/// two ends live on different tasks, hence the lock.
/// </summary>
internal sealed class BytePipe(int capacity)
{
    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[capacity];
    private int _start;
    private int _count;
    private bool _isFinished;
    private bool _isBroken;
    private TaskCompletionSource? _changed;

    /// <summary>
    /// Takes what is there, at least a byte; 0: the writer has finished. With an empty buffer it waits for either, as a
    /// socket does.
    /// </summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            lock (_gate)
            {
                ThrowIfBroken();
                if (_count > 0 || _isFinished)
                {
                    int taken = Take(buffer.Span);
                    Change();
                    return taken;
                }

                changed = NextChange();
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Puts all of the bytes, waiting for room as often as need be.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            lock (_gate)
            {
                ThrowIfBroken();
                if (_isFinished)
                {
                    throw new IOException("this end has finished sending");
                }

                bytes = bytes[Put(bytes.Span)..];
                Change();
                changed = NextChange();
            }

            if (!bytes.IsEmpty)
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Nothing more will be written; what is there can still be read.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isFinished = true;
            Change();
        }
    }

    /// <summary>One of the ends is gone: reads and writes fail, those under way too.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _isBroken = true;
            Change();
        }
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new IOException("the connection is closed");
        }
    }

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _count);
        int first = Math.Min(count, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(destination);
        _ring.AsSpan(0, count - first).CopyTo(destination[first..]);
        _start = (_start + count) % _ring.Length;
        _count -= count;
        return count;
    }

    private int Put(ReadOnlySpan<byte> source)
    {
        int count = Math.Min(source.Length, _ring.Length - _count);
        int end = (_start + _count) % _ring.Length;
        int first = Math.Min(count, _ring.Length - end);
        source[..first].CopyTo(_ring.AsSpan(end));
        source[first..count].CopyTo(_ring);
        _count += count;
        return count;
    }

    private Task NextChange() =>
        (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Change()
    {
        _changed?.SetResult();
        _changed = null;
    }
}
