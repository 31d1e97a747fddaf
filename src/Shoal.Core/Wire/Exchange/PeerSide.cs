using System.Buffers;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>A peer's end of a connection with another peer.</summary>
public sealed class PeerSide : IConversation<PeerMessage, PeerMessage>
{
    /// <inheritdoc/>
    public FrameConversation Incoming => FrameConversation.Peer;

    /// <inheritdoc/>
    public DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out PeerMessage? message, out string? reason) =>
        PeerCodec.TryDecode(ref input, out message, out reason);

    /// <inheritdoc/>
    public bool EncodeNext(PeerMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        PeerCodec.EncodeNext(message, ref cursor, output);
}
