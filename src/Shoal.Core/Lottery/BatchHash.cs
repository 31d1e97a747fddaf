using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Shoal.Core.Lottery;

/// <summary>The content of a batch in 256 bits: two batches are the same if and only if their hashes are.</summary>
/// <param name="High">The first 128 bits of the SHA-256.</param>
/// <param name="Low">The last 128 bits.</param>
public readonly record struct BatchHash(UInt128 High, UInt128 Low)
{
    /// <summary>The size of a hash in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>The hash of a content.</summary>
    public static BatchHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(content, digest);
        return Read(digest);
    }

    /// <summary>Reads the <see cref="Size"/> bytes of a hash.</summary>
    public static BatchHash Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[(Size / 2)..]));

    /// <summary>The bytes of the hash.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Size / 2), Low);
        return bytes;
    }
}
