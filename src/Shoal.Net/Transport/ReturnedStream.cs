namespace Shoal.Net.Transport;

/// <summary>
/// A connection's stream to which bytes were returned that had been read from it: they come first again.
/// </summary>
internal sealed class ReturnedStream(TransportConnection connection, ReadOnlyMemory<byte> returned) : ConnectionStream
{
    private readonly Stream _stream = connection.Stream;
    private ReadOnlyMemory<byte> _returned = returned;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_returned.IsEmpty)
        {
            return _stream.ReadAsync(buffer, cancellationToken);
        }

        return ValueTask.FromResult(TakeReturned(buffer.Span));
    }

    public override int Read(Span<byte> buffer) =>
        _returned.IsEmpty ? _stream.Read(buffer) : TakeReturned(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _stream.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _stream.Write(buffer, offset, count);

    public override void Flush() => _stream.Flush();

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
