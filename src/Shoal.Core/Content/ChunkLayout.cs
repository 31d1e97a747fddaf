namespace Shoal.Core.Content;

/// <summary>How a content of a given length is cut into chunks: all of one size but the last.</summary>
public readonly record struct ChunkLayout
{
    /// <summary>The smallest chunk size that may be chosen by hand, in bytes.</summary>
    public const int SmallestSize = 16 * 1024;

    /// <summary>The smallest chunk size that is chosen by default, in bytes.</summary>
    public const int SmallestDefaultSize = 128 * 1024;

    /// <summary>The largest chunk size, in bytes.</summary>
    public const int LargestSize = 4 * 1024 * 1024;

    /// <summary>
    /// The default size is the smallest that cuts a content into no more chunks than this, if one does. What a chunk
    /// costs the processors beside its bytes does not go with its size: see decision 0017.
    /// </summary>
    public const int DefaultMostChunks = 1024;

    /// <summary>No content has more chunks than this: a manifest of it must fit memory and a few frames.</summary>
    public const int MostChunks = 1 << 22;

    /// <summary>
    /// Describes a content of <paramref name="length"/> bytes in chunks of <paramref name="chunkSize"/>.
    /// </summary>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <param name="chunkSize">A power of two from <see cref="SmallestSize"/> to <see cref="LargestSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public ChunkLayout(long length, int chunkSize)
    {
        if (!IsValid(length, chunkSize))
        {
            throw new ArgumentOutOfRangeException(
                nameof(chunkSize), $"No layout for {length} bytes in chunks of {chunkSize}.");
        }

        Length = length;
        ChunkSize = chunkSize;
    }

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    /// <summary>The size of every chunk but the last, in bytes.</summary>
    public int ChunkSize { get; }

    /// <summary>How many chunks there are; 0 for an empty content.</summary>
    public int ChunkCount => ChunkSize == 0 ? 0 : (int)((Length + ChunkSize - 1) / ChunkSize);

    /// <summary>The smallest power of two from 128 KiB that gives at most 1024 chunks, at most 4 MiB.</summary>
    public static int DefaultChunkSize(long length)
    {
        int size = SmallestDefaultSize;
        while (size < LargestSize && length > (long)size * DefaultMostChunks)
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>Whether a length and a chunk size from outside make a layout.</summary>
    public static bool IsValid(long length, int chunkSize) =>
        length >= 0
        && chunkSize is >= SmallestSize and <= LargestSize
        && int.IsPow2(chunkSize)
        && length <= (long)chunkSize * MostChunks;

    /// <summary>Whether the index names a chunk of this layout.</summary>
    public bool Contains(ChunkIndex index) => (uint)index.Value < (uint)ChunkCount;

    /// <summary>The bytes of a chunk.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such chunk.</exception>
    public ByteRange RangeOf(ChunkIndex index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index.Value, nameof(index));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index.Value, ChunkCount, nameof(index));
        long offset = (long)index.Value * ChunkSize;
        return new ByteRange(offset, (int)Math.Min(ChunkSize, Length - offset));
    }
}
