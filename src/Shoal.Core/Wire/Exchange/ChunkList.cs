using System.Buffers;
using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// The chunks that a have, request, cancel or decline names, in their order, as runs of one content.
/// </summary>
internal static class ChunkList
{
    //  runs, to the end of the body:
    //  +------------------+-----------+----------------------+
    //  | content id (32)  | count u16 | chunk index u32 ...  |
    //  +------------------+-----------+----------------------+
    private const int RunHead = Digest.Size + 2;
    private const int IndexSize = 4;

    public static bool EncodeNext(
        FrameType type, ImmutableArray<ChunkRef> chunks, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int first = cursor.Item;
        int size = 0;
        int end = first;
        while (end < chunks.Length)
        {
            bool goesOn = end > first && chunks[end].Content == chunks[end - 1].Content;
            int needed = goesOn ? IndexSize : RunHead + IndexSize;
            if (size + needed > WireLimits.ChunkListBytes)
            {
                break;
            }

            size += needed;
            end++;
        }

        var writer = new WireWriter(output, type, size);
        for (int run = first; run < end;)
        {
            int runEnd = run + 1;
            while (runEnd < end && chunks[runEnd].Content == chunks[run].Content)
            {
                runEnd++;
            }

            writer.ContentId(chunks[run].Content);
            writer.U16(runEnd - run);
            for (; run < runEnd; run++)
            {
                writer.Int(chunks[run].Index.Value);
            }
        }

        writer.End();
        cursor.Item = end;
        return end < chunks.Length;
    }

    public static ImmutableArray<ChunkRef> Read(ref WireReader reader)
    {
        ImmutableArray<ChunkRef>.Builder chunks = ImmutableArray.CreateBuilder<ChunkRef>();
        while (reader.HasMore)
        {
            ContentId content = reader.ContentId();
            int count = reader.U16();
            if (count == 0 || count * IndexSize > reader.Remaining)
            {
                reader.Fail($"{count} chunk indices in {reader.Remaining} bytes");
                break;
            }

            for (int i = 0; i < count; i++)
            {
                chunks.Add(new ChunkRef(
                    content, new ChunkIndex(reader.Int("chunk index", ChunkLayout.MostChunks - 1))));
            }
        }

        return chunks.DrainToImmutable();
    }
}
