using System.Collections.Immutable;
using System.Security.Cryptography;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A file of a <see cref="ScriptedPeer"/>, in the smallest chunks.</summary>
internal sealed record ScriptedContent(string Name, byte[] Bytes)
{
    public Manifest Manifest { get; } = Describe(Bytes);

    public SharedEntry Entry => new SharedEntry.File(EntryName.Parse(Name), Manifest.Id, 1_700_000_000_000, false);

    public Holding Full => new(Manifest.Id, Bitfield.Full(Manifest.ChunkCount));

    public ChunkRef Chunk(int index) => new(Manifest.Id, new ChunkIndex(index));

    public ReadOnlyMemory<byte> BytesOf(ChunkIndex index)
    {
        ByteRange range = Manifest.Layout.RangeOf(index);
        return Bytes.AsMemory((int)range.Offset, range.Length);
    }

    private static Manifest Describe(byte[] bytes)
    {
        var layout = new ChunkLayout(bytes.Length, ChunkLayout.SmallestSize);
        var digests = ImmutableArray.CreateBuilder<Digest>();
        for (int i = 0; i < layout.ChunkCount; i++)
        {
            ByteRange range = layout.RangeOf(new ChunkIndex(i));
            digests.Add(new Digest(SHA256.HashData(bytes.AsSpan((int)range.Offset, range.Length))));
        }

        return new Manifest(layout, digests.ToImmutable());
    }
}
