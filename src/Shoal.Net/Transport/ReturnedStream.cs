namespace Shoal.Net.Transport;

/// <summary>
/// A connection's stream to which bytes were returned that had been read from it: they come first again.
/// </summary>
internal sealed class ReturnedStream(TransportConnection connection, ReadOnlyMemory<byte> returned) : Stream
{
    private readonly Stream _stream = connection.Stream;
    private ReadOnlyMemory<byte> _returned = returned;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_returned.IsEmpty)
        {
            return _stream.ReadAsync(buffer, cancellationToken);
        }

        return ValueTask.FromResult(TakeReturned(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) =>
        _returned.IsEmpty ? _stream.Read(buffer) : TakeReturned(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _stream.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => _stream.Write(buffer, offset, count);

    public override void Flush() => _stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakeReturned(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _returned.Length);
        _returned.Span[..count].CopyTo(buffer);
        _returned = _returned[count..];
        return count;
    }
}
