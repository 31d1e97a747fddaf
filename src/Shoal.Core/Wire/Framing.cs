using System.Buffers;
using System.Buffers.Binary;

namespace Shoal.Core.Wire;

/// <summary>The first bytes of every frame.</summary>
/// <param name="Type">What the body is.</param>
/// <param name="BodyLength">The length of the body in bytes, within the limit of its type.</param>
public readonly record struct FrameHeader(FrameType Type, int BodyLength)
{
    /// <summary>The size of a header in bytes.</summary>
    public const int Size = 5;

    /// <summary>The size of the whole frame in bytes.</summary>
    public int FrameLength => Size + BodyLength;
}

/// <summary>Cuts a stream of bytes into frames.</summary>
public static class Framing
{
    //  0                4      5
    //  +----------------+------+--------------------------+
    //  | body length u32| type | body                     |
    //  +----------------+------+--------------------------+

    /// <summary>Writes a header to the first <see cref="FrameHeader.Size"/> bytes of a span.</summary>
    public static void WriteHeader(Span<byte> destination, FrameHeader header)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, header.BodyLength);
        destination[4] = (byte)header.Type;
    }

    /// <summary>
    /// Reads a header and checks it before anybody waits for its body: the type must belong to the
    /// conversation and the length must be within the type's limit.
    /// </summary>
    /// <param name="input">Bytes that begin with a frame.</param>
    /// <param name="conversation">Who speaks.</param>
    /// <param name="header">The header, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryReadHeader(
        ReadOnlySpan<byte> input, FrameConversation conversation, out FrameHeader header, out string? reason)
    {
        header = default;
        reason = null;
        if (input.Length < FrameHeader.Size)
        {
            return DecodeStatus.NeedMore;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(input);
        var type = (FrameType)input[4];
        int limit = IsSpoken((FrameConversation)(input[4] & 0xF0), conversation) ? LimitOf(type) : -1;
        if (limit < 0)
        {
            reason = $"unknown frame type 0x{input[4]:x2}";
            return DecodeStatus.Invalid;
        }

        if (length > (uint)limit)
        {
            reason = $"a {type} frame of {length} bytes, the limit is {limit}";
            return DecodeStatus.Invalid;
        }

        if (type == FrameType.PeerChunk && length <= Exchange.ChunkHeader.Size)
        {
            reason = "a chunk without bytes";
            return DecodeStatus.Invalid;
        }

        header = new FrameHeader(type, (int)length);
        return DecodeStatus.Done;
    }

    /// <summary>Reads a whole frame. The body stays valid as long as the input's memory does.</summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="conversation">Who speaks.</param>
    /// <param name="type">What the body is, when done.</param>
    /// <param name="body">The body, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryReadFrame(
        ref ReadOnlySequence<byte> input, FrameConversation conversation, out FrameType type,
        out ReadOnlySequence<byte> body, out string? reason)
    {
        body = default;
        Span<byte> first = stackalloc byte[FrameHeader.Size];
        int available = (int)Math.Min(FrameHeader.Size, input.Length);
        input.Slice(0, available).CopyTo(first);
        DecodeStatus status =
            TryReadHeader(first[..available], conversation, out FrameHeader header, out reason);
        type = header.Type;
        if (status != DecodeStatus.Done)
        {
            return status;
        }

        if (input.Length < header.FrameLength)
        {
            return DecodeStatus.NeedMore;
        }

        body = input.Slice(FrameHeader.Size, header.BodyLength);
        input = input.Slice(header.FrameLength);
        return DecodeStatus.Done;
    }

    /// <summary>
    /// Whether such frames belong to a conversation: the hub's relay speaks as a peer, star and offers both ways;
    /// in an edge tier all speak as peers too.
    /// </summary>
    private static bool IsSpoken(FrameConversation frame, FrameConversation conversation) =>
        frame == conversation || (frame is FrameConversation.Peer or FrameConversation.Star or FrameConversation.Offers
            && conversation is FrameConversation.Member or FrameConversation.Hub)
        || (frame == FrameConversation.Peer && conversation == FrameConversation.Tier);

    /// <summary>The most bytes that the body of such a frame may have; -1: there is no such type.</summary>
    public static int LimitOf(FrameType type) => type switch
    {
        FrameType.PeerAlive or FrameType.MemberReady or FrameType.MemberAlive or FrameType.MemberLeave
            or FrameType.HubStart or FrameType.HubAlive or FrameType.HubSeen or FrameType.HubListed
            or FrameType.TierReady or FrameType.TierListed => 0,
        FrameType.PeerHave or FrameType.PeerRequest or FrameType.PeerCancel or FrameType.PeerDecline
            or FrameType.MemberHave => WireLimits.ChunkListBytes,
        FrameType.PeerHold or FrameType.MemberDescribe or FrameType.MemberShare or FrameType.MemberHold
            or FrameType.HubDescribe or FrameType.HubShare or FrameType.HubOwn or FrameType.HubFollow
            or FrameType.TierWant or FrameType.TierDescribe or FrameType.TierShare or FrameType.TierUnknown
            => WireLimits.ControlBytes,
        FrameType.Introduction or FrameType.MemberJoin or FrameType.MemberLose or FrameType.MemberCount
            or FrameType.MemberLook
            or FrameType.HubWelcome or FrameType.HubRefuse or FrameType.HubJoined or FrameType.HubGone
            or FrameType.HubLost or FrameType.HubAdvance or FrameType.MemberReach or FrameType.HubCall
            or FrameType.HubClock or FrameType.HubOrder or FrameType.HubClocked or FrameType.MemberAnswer
            or FrameType.TierAttend or FrameType.TierOrder or FrameType.TierSettle or FrameType.TierGiveUp
            or FrameType.TierWhole or FrameType.TierFail or FrameType.TierMeet or FrameType.TierMatch
            or FrameType.TierRefuse or FrameType.TierFinish
            or FrameType.MemberEnlist or FrameType.MemberOffer or FrameType.MemberWithdraw or FrameType.MemberSeek
            or FrameType.HubWanted or FrameType.HubFound
            => WireLimits.SmallBytes,
        FrameType.HubFinished => WireLimits.ReportBytes,
        FrameType.PeerChunk => WireLimits.ChunkBytes,
        _ => -1,
    };
}
