using System.Security.Cryptography;
using Shoal.Core.Content;

namespace Shoal.Core.Lottery;

/// <summary>The content of a batch in 256 bits: two batches are the same if and only if their hashes are.</summary>
/// <param name="Value">The SHA-256 of the content.</param>
public readonly record struct BatchHash(Digest Value)
{
    /// <summary>The size of a hash in bytes.</summary>
    public const int Size = Digest.Size;

    /// <summary>The hash of a content.</summary>
    public static BatchHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(content, digest);
        return Read(digest);
    }

    /// <summary>Reads the <see cref="Size"/> bytes of a hash.</summary>
    public static BatchHash Read(ReadOnlySpan<byte> bytes) => new(new Digest(bytes));

    /// <summary>The bytes of the hash.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Value.CopyTo(bytes);
        return bytes;
    }
}
