using System.Buffers;

namespace Shoal.Net.Frames;

/// <summary>
/// Collects frames in a rented buffer, which grows while it is needed and goes back when it is not.
/// </summary>
internal sealed class PooledWriter(MemoryPool<byte> pool, int firstBytes) : IBufferWriter<byte>, IDisposable
{
    private IMemoryOwner<byte>? _buffer;

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer is null ? default : _buffer.Memory[..WrittenCount];

    public void Advance(int count) => WrittenCount += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = WrittenCount + Math.Max(1, sizeHint);
        if (_buffer is null || _buffer.Memory.Length < needed)
        {
            IMemoryOwner<byte> larger = pool.Rent(Math.Max(needed, firstBytes));
            Written.CopyTo(larger.Memory);
            _buffer?.Dispose();
            _buffer = larger;
        }

        return _buffer.Memory[WrittenCount..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Forgets what is written and keeps the buffer.</summary>
    public void Clear() => WrittenCount = 0;

    /// <summary>Forgets what is written and gives the buffer back; it can be used again.</summary>
    public void Dispose()
    {
        Clear();
        _buffer?.Dispose();
        _buffer = null;
    }
}
