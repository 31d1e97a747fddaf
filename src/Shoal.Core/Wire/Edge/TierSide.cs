using System.Buffers;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Core.Wire.Edge;

/// <summary>An end of a connection in an edge tier; one for each connection.</summary>
public sealed class TierSide : IConversation<TierMessage, TierMessage>
{
    private readonly ManifestAssembly _assembly = new();

    /// <inheritdoc/>
    public FrameConversation Incoming => FrameConversation.Tier;

    /// <inheritdoc/>
    public DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out TierMessage? message, out string? reason) =>
        TierCodec.TryDecode(ref input, _assembly, out message, out reason);

    /// <inheritdoc/>
    public bool EncodeNext(TierMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        TierCodec.EncodeNext(message, ref cursor, output);
}
