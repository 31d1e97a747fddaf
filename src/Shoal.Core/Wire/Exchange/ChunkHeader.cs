using System.Buffers.Binary;
using Shoal.Core.Content;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// What precedes the bytes of a chunk in its frame. The payload itself never passes a codec.
/// </summary>
/// <param name="Chunk">Which chunk.</param>
/// <param name="PayloadLength">
/// How many bytes of it follow: from 1 to <see cref="ChunkLayout.LargestSize"/>.
/// </param>
public readonly record struct ChunkHeader(ChunkRef Chunk, int PayloadLength)
{
    //  0                4      5                 37               41
    //  +----------------+------+------------------+----------------+----------------------+
    //  | body length u32| 0x1F | content id (32)  | chunk index u32| payload              |
    //  +----------------+------+------------------+----------------+----------------------+

    /// <summary>What a frame's body has besides the payload, in bytes.</summary>
    public const int Size = Digest.Size + 4;

    /// <summary>What a chunk's frame has before the payload, in bytes.</summary>
    public const int FrameSize = FrameHeader.Size + Size;

    /// <summary>
    /// Writes the beginning of a chunk's frame to the first <see cref="FrameSize"/> bytes of a span.
    /// </summary>
    public void WriteFrame(Span<byte> destination)
    {
        Framing.WriteHeader(destination, new FrameHeader(FrameType.PeerChunk, Size + PayloadLength));
        Chunk.Content.Value.CopyTo(destination[FrameHeader.Size..]);
        BinaryPrimitives.WriteInt32BigEndian(
            destination[(FrameHeader.Size + Digest.Size)..], Chunk.Index.Value);
    }

    /// <summary>Reads what follows the frame's header.</summary>
    /// <param name="frame">
    /// A header of type <see cref="FrameType.PeerChunk"/>, checked by <see cref="Framing"/>.
    /// </param>
    /// <param name="body">The first bytes of the body.</param>
    /// <param name="header">The header, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryRead(
        FrameHeader frame, ReadOnlySpan<byte> body, out ChunkHeader header, out string? reason)
    {
        header = default;
        reason = null;
        if (body.Length < Size)
        {
            return DecodeStatus.NeedMore;
        }

        uint index = BinaryPrimitives.ReadUInt32BigEndian(body[Digest.Size..]);
        if (index >= ChunkLayout.MostChunks)
        {
            reason = $"chunk {index} of a content, the limit is {ChunkLayout.MostChunks}";
            return DecodeStatus.Invalid;
        }

        var chunk = new ChunkRef(new ContentId(new Digest(body[..Digest.Size])), new ChunkIndex((int)index));
        header = new ChunkHeader(chunk, frame.BodyLength - Size);
        return DecodeStatus.Done;
    }
}
