using System.Buffers;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Core.Wire.Exchange;

/// <summary>What hub and members say to each other under the system clock.</summary>
internal static class StarFields
{
    //  0x40 Clock     members u32
    //  0x41 Order     kind u8 | chunk | file u32 | requester u32 | holder u32 | begin i64 | end i64
    //  0x42 Clocked   makespan i64 | bound i64 | mean of a chunk i64
    //  0x43 Answer    kind u8 | chunk | begin i64 | outcome u8
    //
    //  A chunk is: content id (32) | chunk index u32. Times are nanoseconds of the system clock.
    private const int ChunkSize = Digest.Size + 4;
    private const int OrderSize = 1 + ChunkSize + 12 + 16;
    private const int AnswerSize = 1 + ChunkSize + 8 + 1;

    public static bool Encode(HubMessage.Clock m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubClock, 4);
        writer.Int(m.Members);
        writer.End();
        return false;
    }

    public static bool Encode(HubMessage.Order m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubOrder, OrderSize);
        writer.U8((int)m.Kind);
        Write(ref writer, m.Chunk);
        writer.Int(m.File);
        writer.Int(m.Requester);
        writer.Int(m.Holder);
        writer.Long(m.Begin.Nanoseconds);
        writer.Long(m.End.Nanoseconds);
        writer.End();
        return false;
    }

    public static bool Encode(HubMessage.Clocked m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubClocked, 24);
        writer.Long(m.Reading.Makespan.Nanoseconds);
        writer.Long(m.Reading.LowerBound.Nanoseconds);
        writer.Long(m.Reading.MeanChunk.Nanoseconds);
        writer.End();
        return false;
    }

    public static bool Encode(MemberMessage.Answer m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberAnswer, AnswerSize);
        writer.U8((int)m.Kind);
        Write(ref writer, m.Chunk);
        writer.Long(m.Begin.Nanoseconds);
        writer.U8((int)m.Outcome);
        writer.End();
        return false;
    }

    public static HubMessage.Clock ReadClock(ref WireReader reader) =>
        new(reader.Int("members", WireLimits.Members));

    public static HubMessage.Order ReadOrder(ref WireReader reader) => new(
        ReadKind(ref reader),
        ReadChunk(ref reader),
        reader.Int("file"),
        reader.Int("requester", WireLimits.Members),
        reader.Int("holder", WireLimits.Members),
        ReadTime(ref reader, "begin"),
        ReadTime(ref reader, "end"));

    public static HubMessage.Clocked ReadClocked(ref WireReader reader) => new(new ClockReading(
        ReadTime(ref reader, "makespan"), ReadTime(ref reader, "lower bound"), ReadTime(ref reader, "mean")));

    public static MemberMessage.Answer ReadAnswer(ref WireReader reader)
    {
        OccupationKind kind = ReadKind(ref reader);
        ChunkRef chunk = ReadChunk(ref reader);
        VirtualTime begin = ReadTime(ref reader, "begin");
        int outcome = reader.U8();
        if (outcome > (int)OrderOutcome.Failed)
        {
            reader.Fail($"unknown outcome {outcome}");
        }

        return new MemberMessage.Answer(kind, chunk, begin, (OrderOutcome)outcome);
    }

    private static void Write(ref WireWriter writer, ChunkRef chunk)
    {
        writer.ContentId(chunk.Content);
        writer.Int(chunk.Index.Value);
    }

    private static OccupationKind ReadKind(ref WireReader reader)
    {
        int kind = reader.U8();
        if (kind > (int)OccupationKind.Finished)
        {
            reader.Fail($"unknown occupation {kind}");
        }

        return (OccupationKind)kind;
    }

    private static ChunkRef ReadChunk(ref WireReader reader) => new(
        reader.ContentId(), new ChunkIndex(reader.Int("chunk index", ChunkLayout.MostChunks - 1)));

    private static VirtualTime ReadTime(ref WireReader reader, string what) => new(reader.Long(what));
}
