using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Shoal.Core.Content;

/// <summary>
/// Describes a content so that each of its chunks can be verified alone: the layout and the SHA-256 of every chunk.
/// Its <see cref="Id"/> follows from these and from nothing else.
/// </summary>
public sealed class Manifest
{
    /// <summary>Describes a content and computes its id.</summary>
    /// <exception cref="ArgumentException">There are more or fewer digests than chunks.</exception>
    public Manifest(ChunkLayout layout, ImmutableArray<Digest> digests)
    {
        if (digests.Length != layout.ChunkCount)
        {
            throw new ArgumentException($"{layout.ChunkCount} chunks, but {digests.Length} digests.", nameof(digests));
        }

        Layout = layout;
        Digests = digests;
        Id = ComputeId(layout, digests.AsSpan());
    }

    /// <summary>The content's name for everybody.</summary>
    public ContentId Id { get; }

    /// <summary>How the content is cut.</summary>
    public ChunkLayout Layout { get; }

    /// <summary>The digest of every chunk, in order.</summary>
    public ImmutableArray<Digest> Digests { get; }

    /// <summary>The content's length in bytes.</summary>
    public long Length => Layout.Length;

    /// <summary>How many chunks the content has.</summary>
    public int ChunkCount => Layout.ChunkCount;

    /// <summary>The length of one chunk in bytes.</summary>
    public int LengthOf(ChunkIndex index) => Layout.RangeOf(index).Length;

    /// <summary>Whether bytes are those of a chunk: their length and their hash are right.</summary>
    /// <param name="index">The chunk; one that there is not has no bytes.</param>
    /// <param name="bytes">The bytes.</param>
    public bool IsRight(ChunkIndex index, ReadOnlySpan<byte> bytes)
    {
        if (!Layout.Contains(index) || LengthOf(index) != bytes.Length)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[Digest.Size];
        SHA256.HashData(bytes, digest);
        return new Digest(digest) == Digests[index.Value];
    }

    /// <summary>The length of the chunks that a bitfield has, in bytes; of none: 0.</summary>
    public long BytesOf(Bitfield? chunks)
    {
        long bytes = 0;
        for (int i = 0; chunks is not null && i < ChunkCount; i++)
        {
            bytes += chunks[i] ? LengthOf(new ChunkIndex(i)) : 0;
        }

        return bytes;
    }

    //  length (8, big-endian) | chunk size (4, big-endian) | digest 0 (32) | digest 1 (32) | ...
    private static ContentId ComputeId(ChunkLayout layout, ReadOnlySpan<Digest> digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, layout.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], layout.ChunkSize);
        hash.AppendData(bytes[..12]);
        foreach (Digest digest in digests)
        {
            digest.CopyTo(bytes);
            hash.AppendData(bytes);
        }

        hash.GetHashAndReset(bytes);
        return new ContentId(new Digest(bytes));
    }
}
