using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;

namespace Shoal.Storage.Hashing;

/// <summary>
/// Reads and hashes chunks for one thread: a buffer that stays in the processor's cache, used again and
/// again.
/// </summary>
internal sealed class ChunkReader : IDisposable
{
    private const int SliceSize = 256 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(SliceSize);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The SHA-256 of a run of bytes.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public Digest Hash(SafeFileHandle file, ByteRange range)
    {
        Span<byte> digest = stackalloc byte[Digest.Size];
        if (range.Length <= SliceSize)
        {
            Span<byte> whole = _buffer.AsSpan(0, range.Length);
            ReadExactly(file, whole, range.Offset);
            SHA256.HashData(whole, digest);
            return new Digest(digest);
        }

        for (long offset = range.Offset; offset < range.End;)
        {
            Span<byte> slice = _buffer.AsSpan(0, (int)Math.Min(SliceSize, range.End - offset));
            ReadExactly(file, slice, offset);
            _hash.AppendData(slice);
            offset += slice.Length;
        }

        _hash.GetHashAndReset(digest);
        return new Digest(digest);
    }

    public void Dispose()
    {
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>Fills a span from a file.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter.</exception>
    public static void ReadExactly(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(file, destination, offset);
            if (count == 0)
            {
                throw new EndOfStreamException("The file is shorter than it was.");
            }

            destination = destination[count..];
            offset += count;
        }
    }
}
