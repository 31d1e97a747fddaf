using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Shoal.Core.Content;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// Manifests, one behind the other. One that does not fit into the frame goes on in the next: each part says
/// which digests it carries, and a <see cref="ManifestAssembly"/> puts them together.
/// </summary>
internal static class ManifestList
{
    //  parts, to the end of the body:
    //  +------------+----------------------+--------------------+-----------+---------------+
    //  | length i64 | log2(chunk size) u8  | first digest u32   | count u32 | digests (32n) |
    //  +------------+----------------------+--------------------+-----------+---------------+
    private const int Head = 8 + 1 + 4 + 4;

    public static bool EncodeNext(
        FrameType type, ImmutableArray<Manifest> manifests, ref EncodeCursor cursor,
        IBufferWriter<byte> output)
    {
        (int first, int offset) = (cursor.Item, cursor.Offset);
        (int end, int endOffset, int size) = Fit(manifests, first, offset);
        var writer = new WireWriter(output, type, size);
        for (int i = first; i <= end && i < manifests.Length; i++)
        {
            ReadOnlySpan<Digest> digests = manifests[i].Digests.AsSpan();
            int from = i == first ? offset : 0;
            int to = i == end ? endOffset : digests.Length;
            if (i == end && to == from)
            {
                break;
            }

            writer.Long(manifests[i].Layout.Length);
            writer.U8(BitOperations.Log2((uint)manifests[i].Layout.ChunkSize));
            writer.Int(from);
            writer.Int(to - from);
            foreach (Digest digest in digests[from..to])
            {
                writer.Digest(digest);
            }
        }

        writer.End();
        cursor.Item = end;
        cursor.Offset = endOffset;
        return end < manifests.Length;
    }

    public static ImmutableArray<Manifest> Read(ref WireReader reader, ManifestAssembly assembly)
    {
        ImmutableArray<Manifest>.Builder manifests = ImmutableArray.CreateBuilder<Manifest>();
        while (reader.HasMore)
        {
            long length = reader.Long("length");
            int log = reader.U8();
            int first = reader.Int("first digest", ChunkLayout.MostChunks);
            int count = reader.Int("digest count", ChunkLayout.MostChunks);
            ReadOnlySpan<byte> digests = reader.Bytes(count * Digest.Size);
            if (reader.Failure is not null)
            {
                break;
            }

            // The shift is masked to five bits, so a size from outside is checked before it is used.
            if (log > 30 || !ChunkLayout.IsValid(length, 1 << log))
            {
                reader.Fail($"no layout has {length} bytes in chunks of 2^{log}");
                break;
            }

            string? failure =
                assembly.Add(new ChunkLayout(length, 1 << log), first, digests, out Manifest? manifest);
            if (failure is not null)
            {
                reader.Fail(failure);
            }
            else if (manifest is not null)
            {
                manifests.Add(manifest);
            }
        }

        return manifests.DrainToImmutable();
    }

    /// <summary>How far one frame gets: to before digest <c>EndOffset</c> of manifest <c>End</c>.</summary>
    private static (int End, int EndOffset, int Size) Fit(
        ImmutableArray<Manifest> manifests, int item, int offset)
    {
        int size = 0;
        while (item < manifests.Length)
        {
            int rest = manifests[item].ChunkCount - offset;
            int room = (WireLimits.ControlBytes - size - Head) / Digest.Size;
            if (WireLimits.ControlBytes - size < Head || (rest > 0 && room <= 0))
            {
                break;
            }

            if (rest > room)
            {
                return (item, offset + room, size + Head + (room * Digest.Size));
            }

            size += Head + (rest * Digest.Size);
            item++;
            offset = 0;
        }

        return (item, offset, size);
    }
}
