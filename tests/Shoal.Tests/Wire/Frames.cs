using System.Buffers;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Edge;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Tests.Wire;

/// <summary>One way of a conversation, so that a test can run over all of them.</summary>
internal sealed class Frames
{
    public delegate DecodeStatus Decoder(
        ref ReadOnlySequence<byte> input, out object? message, out string? reason);

    public required string Name { get; init; }

    public required FrameConversation Conversation { get; init; }

    /// <summary>A decoder for one connection.</summary>
    public required Func<Decoder> NewDecoder { get; init; }

    public required Func<object, List<byte[]>> Encode { get; init; }

    public required Func<ulong, IEnumerable<object>> Random { get; init; }

    public static IReadOnlyList<Frames> All { get; } = [Peer(), Member(), Hub(), Tier()];

    public static List<byte[]> OfPeer(PeerMessage message) => Collect(message, PeerCodec.EncodeNext);

    public static List<byte[]> OfMember(MemberMessage message) => Collect(message, MemberCodec.EncodeNext);

    public static List<byte[]> OfHub(HubMessage message) => Collect(message, HubCodec.EncodeNext);

    public static List<byte[]> OfTier(TierMessage message) => Collect(message, TierCodec.EncodeNext);

    /// <summary>Decodes whole frames, which must be all right.</summary>
    public List<object> DecodeAll(IEnumerable<byte[]> frames)
    {
        Decoder decode = NewDecoder();
        var messages = new List<object>();
        foreach (byte[] frame in frames)
        {
            var input = new ReadOnlySequence<byte>(frame);
            Assert.Equal(DecodeStatus.Done, decode(ref input, out object? message, out _));
            Assert.True(input.IsEmpty);
            messages.Add(message!);
        }

        return messages;
    }

    private delegate bool Encoder<in T>(T message, ref EncodeCursor cursor, IBufferWriter<byte> output);

    private static List<byte[]> Collect<T>(T message, Encoder<T> encode)
    {
        var frames = new List<byte[]>();
        var cursor = new EncodeCursor();
        bool hasMore = true;
        while (hasMore)
        {
            var output = new ArrayBufferWriter<byte>();
            hasMore = encode(message, ref cursor, output);
            frames.Add(output.WrittenSpan.ToArray());
        }

        return frames;
    }

    private static Frames Peer() => new()
    {
        Name = "peer",
        Conversation = FrameConversation.Peer,
        NewDecoder = () => (ref ReadOnlySequence<byte> input, out object? message, out string? reason) =>
        {
            DecodeStatus status = PeerCodec.TryDecode(ref input, out PeerMessage? m, out reason);
            message = m;
            return status;
        },
        Encode = message => OfPeer((PeerMessage)message),
        Random = seed => Enumerable.Range(0, WireMessages.PeerKinds).Select(new WireMessages(seed).Peer),
    };

    private static Frames Member() => new()
    {
        Name = "member",
        Conversation = FrameConversation.Member,
        NewDecoder = () =>
        {
            var assembly = new ManifestAssembly();
            return (ref ReadOnlySequence<byte> input, out object? message, out string? reason) =>
            {
                DecodeStatus status =
                    MemberCodec.TryDecode(ref input, assembly, out MemberMessage? m, out reason);
                message = m;
                return status;
            };
        },
        Encode = message => OfMember((MemberMessage)message),
        Random = seed => Enumerable.Range(0, WireMessages.MemberKinds).Select(new WireMessages(seed).Member),
    };

    private static Frames Hub() => new()
    {
        Name = "hub",
        Conversation = FrameConversation.Hub,
        NewDecoder = () =>
        {
            var assembly = new ManifestAssembly();
            return (ref ReadOnlySequence<byte> input, out object? message, out string? reason) =>
            {
                DecodeStatus status = HubCodec.TryDecode(ref input, assembly, out HubMessage? m, out reason);
                message = m;
                return status;
            };
        },
        Encode = message => OfHub((HubMessage)message),
        Random = seed => Enumerable.Range(0, WireMessages.HubKinds).Select(new WireMessages(seed).Hub),
    };

    private static Frames Tier() => new()
    {
        Name = "tier",
        Conversation = FrameConversation.Tier,
        NewDecoder = () =>
        {
            var assembly = new ManifestAssembly();
            return (ref ReadOnlySequence<byte> input, out object? message, out string? reason) =>
            {
                DecodeStatus status = TierCodec.TryDecode(ref input, assembly, out TierMessage? m, out reason);
                message = m;
                return status;
            };
        },
        Encode = message => OfTier((TierMessage)message),
        Random = seed => Enumerable.Range(0, WireMessages.TierKinds).Select(new WireMessages(seed).Tier),
    };
}
