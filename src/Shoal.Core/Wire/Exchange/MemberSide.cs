using System.Buffers;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// A member's end of its connection with the hub. One for each connection: it keeps the open manifest.
/// </summary>
public sealed class MemberSide : IConversation<HubMessage, MemberMessage>
{
    private readonly ManifestAssembly _assembly = new();

    /// <inheritdoc/>
    public FrameConversation Incoming => FrameConversation.Hub;

    /// <inheritdoc/>
    public DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out HubMessage? message, out string? reason) =>
        HubCodec.TryDecode(ref input, _assembly, out message, out reason);

    /// <inheritdoc/>
    public bool EncodeNext(MemberMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        MemberCodec.EncodeNext(message, ref cursor, output);
}
