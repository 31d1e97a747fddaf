using System.Buffers;
using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>What somebody has of contents: bitfields, one behind the other.</summary>
internal static class HoldingList
{
    //  holdings, to the end of the body:
    //  +------------------+-----------------+--------------------------+
    //  | content id (32)  | chunk count u32 | bits ((count + 7) / 8)   |
    //  +------------------+-----------------+--------------------------+
    private const int Head = Digest.Size + 4;

    public static bool EncodeNext(
        FrameType type, ImmutableArray<Holding> holdings, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int first = cursor.Item;
        int size = 0;
        int end = first;
        while (end < holdings.Length
            && size + Head + holdings[end].Chunks.Bytes.Length <= WireLimits.ControlBytes)
        {
            size += Head + holdings[end].Chunks.Bytes.Length;
            end++;
        }

        var writer = new WireWriter(output, type, size);
        for (int i = first; i < end; i++)
        {
            writer.ContentId(holdings[i].Content);
            writer.Int(holdings[i].Chunks.Count);
            writer.Bytes(holdings[i].Chunks.Bytes);
        }

        writer.End();
        cursor.Item = end;
        return end < holdings.Length;
    }

    public static ImmutableArray<Holding> Read(ref WireReader reader)
    {
        ImmutableArray<Holding>.Builder holdings = ImmutableArray.CreateBuilder<Holding>();
        while (reader.HasMore)
        {
            ContentId content = reader.ContentId();
            int count = reader.Int("chunk count", ChunkLayout.MostChunks);
            ReadOnlySpan<byte> bits = reader.Bytes(Bitfield.ByteCount(count));
            if (reader.Failure is null)
            {
                if (Bitfield.TryCreate(count, bits, out Bitfield bitfield))
                {
                    holdings.Add(new Holding(content, bitfield));
                }
                else
                {
                    reader.Fail("a bit is set behind the last chunk");
                }
            }
        }

        return holdings.DrainToImmutable();
    }
}
