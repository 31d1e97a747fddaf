using System.Buffers;
using System.Diagnostics;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// What peers say to each other, as frames. Chunks travel beside them, behind a <see cref="ChunkHeader"/>.
/// </summary>
public static class PeerCodec
{
    //  0x10 Hold      holdings     (HoldingList)
    //  0x11 Have      chunks       (ChunkList)
    //  0x12 Request   chunks
    //  0x13 Cancel    chunks
    //  0x14 Decline   chunks
    //  0x15 Alive     nothing

    /// <summary>
    /// Reads the next message. A chunk frame is not a message: see <see cref="ChunkHeader"/>.
    /// </summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="message">The message, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out PeerMessage? message, out string? reason) =>
        FrameBody.Decode<PeerMessage, object?>(
            ref input, FrameConversation.Peer, null, Parse, out message, out reason);

    /// <summary>Writes the next frame of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cursor">How far it is written; new for each message.</param>
    /// <param name="output">Gets the frame.</param>
    /// <returns>Whether the message needs more frames.</returns>
    public static bool EncodeNext(PeerMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        message switch
    {
        PeerMessage.Hold m => HoldingList.EncodeNext(FrameType.PeerHold, m.Holdings, ref cursor, output),
        PeerMessage.Have m => ChunkList.EncodeNext(FrameType.PeerHave, m.Chunks, ref cursor, output),
        PeerMessage.Request m => ChunkList.EncodeNext(FrameType.PeerRequest, m.Chunks, ref cursor, output),
        PeerMessage.Cancel m => ChunkList.EncodeNext(FrameType.PeerCancel, m.Chunks, ref cursor, output),
        PeerMessage.Decline m => ChunkList.EncodeNext(FrameType.PeerDecline, m.Chunks, ref cursor, output),
        PeerMessage.Alive => FrameBody.EncodeEmpty(FrameType.PeerAlive, output),
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads the body of a frame; null where there is no such message.</summary>
    internal static PeerMessage? Parse(FrameType type, ref WireReader reader, object? state) => type switch
    {
        FrameType.PeerHold => new PeerMessage.Hold(HoldingList.Read(ref reader)),
        FrameType.PeerHave => new PeerMessage.Have(ChunkList.Read(ref reader)),
        FrameType.PeerRequest => new PeerMessage.Request(ChunkList.Read(ref reader)),
        FrameType.PeerCancel => new PeerMessage.Cancel(ChunkList.Read(ref reader)),
        FrameType.PeerDecline => new PeerMessage.Decline(ChunkList.Read(ref reader)),
        FrameType.PeerAlive => new PeerMessage.Alive(),
        _ => null,
    };
}
