using System.Buffers;

namespace Shoal.Hosts.Lottery;

/// <summary>A body that was read whole, in a borrowed buffer.</summary>
internal sealed class BorrowedBody : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private BorrowedBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>What was read; valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads a stream to its end; null: it has more bytes than it may.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="expected">Bytes that it is said to have; null: nobody said.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BorrowedBody?> ReadAsync(
        Stream stream, int most, long? expected, CancellationToken cancellationToken)
    {
        // Who says much and sends nothing gets no more than who says nothing.
        var body = new BorrowedBody((int)Math.Clamp((expected ?? 0) + 1, FirstSize, 4 * FirstSize));
        bool isWhole = false;
        try
        {
            isWhole = await body.FillAsync(stream, most, cancellationToken);
        }
        finally
        {
            if (!isWhole)
            {
                body.Dispose();
            }
        }

        return isWhole ? body : null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async Task<bool> FillAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length > most)
            {
                return false;
            }

            if (_length == _buffer.Length)
            {
                Grow();
            }
        }

        return true;
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(2 * _length);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
