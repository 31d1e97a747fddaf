using System.Buffers;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// The hub's end of a connection with a member. One for each connection: it keeps the open manifest.
/// </summary>
public sealed class HubSide : IConversation<MemberMessage, HubMessage>
{
    private readonly ManifestAssembly _assembly = new();

    /// <inheritdoc/>
    public FrameConversation Incoming => FrameConversation.Member;

    /// <inheritdoc/>
    public DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out MemberMessage? message, out string? reason) =>
        MemberCodec.TryDecode(ref input, _assembly, out message, out reason);

    /// <inheritdoc/>
    public bool EncodeNext(HubMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        HubCodec.EncodeNext(message, ref cursor, output);
}
