using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Exchange;

/// <summary>What the hub says to its members, as frames.</summary>
public static class HubCodec
{
    //  0x30 Welcome   member          (MemberFields)
    //  0x31 Refuse    reason
    //  0x32 Joined    member
    //  0x33 Gone      peer (16) | departure u8
    //  0x34 Describe  manifest parts  (ManifestList)
    //  0x35 Share     origin (16) | origin name | origin order u32 | entries  (EntryList)
    //  0x36 Own       has owner u8 | owner (16) if so | content ids (32) to the end
    //  0x37 Lost      content id (32) | by (16)
    //  0x38 Start     nothing
    //  0x39 Follow    plan            (ReportFields)
    //  0x3A Advance   progress        (ReportFields)
    //  0x3B Finished  report          (ReportFields)
    //  0x3C Alive     nothing
    //  0x3D Seen      nothing
    //  0x3E Call      peer (16)
    //  0x3F Listed    nothing
    //  0x40, 0x41, 0x42: under the system clock  (StarFields)
    //  0x64, 0x65: to a user's machine           (OfferFields)
    //
    //  What the relay says are frames of PeerCodec, and chunks.

    /// <summary>Reads the next message.</summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="assembly">The connection's open manifest.</param>
    /// <param name="message">
    /// The message, when done. A part of a manifest gives a <c>Describe</c> of the manifests that it
    /// completes: maybe none.
    /// </param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, ManifestAssembly assembly, out HubMessage? message,
        out string? reason) =>
        FrameBody.Decode(ref input, FrameConversation.Hub, assembly, Parse, out message, out reason);

    /// <summary>Writes the next frame of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cursor">How far it is written; new for each message.</param>
    /// <param name="output">Gets the frame.</param>
    /// <returns>Whether the message needs more frames.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The message breaks one of <see cref="WireLimits"/>.
    /// </exception>
    public static bool EncodeNext(HubMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        message switch
        {
            HubMessage.Welcome m => EncodeMember(FrameType.HubWelcome, m.You, output),
            HubMessage.Refuse m => EncodeRefuse(m, output),
            HubMessage.Joined m => EncodeMember(FrameType.HubJoined, m.Member, output),
            HubMessage.Gone m => EncodeGone(m, output),
            HubMessage.Describe m =>
                ManifestList.EncodeNext(FrameType.HubDescribe, m.Manifests, ref cursor, output),
            HubMessage.Share m => EncodeShare(m, ref cursor, output),
            HubMessage.Own m => EncodeOwn(m, ref cursor, output),
            HubMessage.Lost m => EncodeLost(m, output),
            HubMessage.Start => FrameBody.EncodeEmpty(FrameType.HubStart, output),
            HubMessage.Follow m => ReportFields.EncodePlan(m.Plan, output),
            HubMessage.Advance m => ReportFields.EncodeProgress(m.Progress, output),
            HubMessage.Finished m => ReportFields.EncodeReport(m.Report, output),
            HubMessage.Alive => FrameBody.EncodeEmpty(FrameType.HubAlive, output),
            HubMessage.Seen => FrameBody.EncodeEmpty(FrameType.HubSeen, output),
            HubMessage.Call m => EncodeCall(m, output),
            HubMessage.Clock m => StarFields.Encode(m, output),
            HubMessage.Order m => StarFields.Encode(m, output),
            HubMessage.Clocked m => StarFields.Encode(m, output),
            HubMessage.Wanted m => OfferFields.Encode(m, output),
            HubMessage.Found m => OfferFields.Encode(m, output),
            HubMessage.Listed => FrameBody.EncodeEmpty(FrameType.HubListed, output),
            HubMessage.FromRelay m => PeerCodec.EncodeNext(m.Message, ref cursor, output),
            _ => throw new UnreachableException(),
        };

    private static bool EncodeMember(FrameType type, Member member, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, type, MemberFields.SizeOf(member));
        MemberFields.Write(ref writer, member);
        writer.End();
        return false;
    }

    private static bool EncodeRefuse(HubMessage.Refuse m, IBufferWriter<byte> output)
    {
        string reason = WireWriter.Sentence(m.Reason);
        var writer = new WireWriter(output, FrameType.HubRefuse, WireWriter.SizeOf(reason));
        writer.Text(reason, WireLimits.SentenceBytes);
        writer.End();
        return false;
    }

    private static bool EncodeGone(HubMessage.Gone m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubGone, PeerId.Size + 1);
        writer.PeerId(m.Peer);
        writer.U8((int)m.Departure);
        writer.End();
        return false;
    }

    private static bool EncodeShare(HubMessage.Share m, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int head = PeerId.Size + WireWriter.SizeOf(m.OriginName) + 4;
        int end = EntryList.Fit(m.Entries, cursor, WireLimits.ControlBytes - head, out int size);
        var writer = new WireWriter(output, FrameType.HubShare, head + size);
        writer.PeerId(m.Origin);
        writer.Text(m.OriginName, WireLimits.NameBytes);
        writer.Int(m.OriginOrder);
        EntryList.Write(ref writer, m.Entries.AsSpan()[cursor.Item..end]);
        writer.End();
        cursor.Item = end;
        return end < m.Entries.Length;
    }

    private static bool EncodeOwn(HubMessage.Own m, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int head = 1 + (m.Owner is null ? 0 : PeerId.Size);
        int room = (WireLimits.ControlBytes - head) / Digest.Size;
        int end = (int)Math.Min(m.Contents.Length, (long)cursor.Item + room);
        var writer = new WireWriter(output, FrameType.HubOwn, head + ((end - cursor.Item) * Digest.Size));
        writer.Flag(m.Owner is not null);
        if (m.Owner is { } owner)
        {
            writer.PeerId(owner);
        }

        foreach (ContentId content in m.Contents.AsSpan()[cursor.Item..end])
        {
            writer.ContentId(content);
        }

        writer.End();
        cursor.Item = end;
        return end < m.Contents.Length;
    }

    private static bool EncodeLost(HubMessage.Lost m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubLost, Digest.Size + PeerId.Size);
        writer.ContentId(m.Content);
        writer.PeerId(m.By);
        writer.End();
        return false;
    }

    private static bool EncodeCall(HubMessage.Call m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubCall, PeerId.Size);
        writer.PeerId(m.Peer);
        writer.End();
        return false;
    }

    private static HubMessage? Parse(FrameType type, ref WireReader reader, ManifestAssembly assembly) =>
        type switch
        {
            FrameType.HubWelcome => new HubMessage.Welcome(MemberFields.ReadMember(ref reader)),
            FrameType.HubRefuse => new HubMessage.Refuse(reader.Text("reason", WireLimits.SentenceBytes)),
            FrameType.HubJoined => new HubMessage.Joined(MemberFields.ReadMember(ref reader)),
            FrameType.HubGone => ReadGone(ref reader),
            FrameType.HubDescribe => new HubMessage.Describe(ManifestList.Read(ref reader, assembly)),
            FrameType.HubShare => ReadShare(ref reader),
            FrameType.HubOwn => ReadOwn(ref reader),
            FrameType.HubLost => new HubMessage.Lost(reader.ContentId(), reader.PeerId()),
            FrameType.HubStart => new HubMessage.Start(),
            FrameType.HubFollow => new HubMessage.Follow(ReportFields.ReadPlan(ref reader)),
            FrameType.HubAdvance => new HubMessage.Advance(ReportFields.ReadProgress(ref reader)),
            FrameType.HubFinished => new HubMessage.Finished(ReportFields.ReadReport(ref reader)),
            FrameType.HubAlive => new HubMessage.Alive(),
            FrameType.HubSeen => new HubMessage.Seen(),
            FrameType.HubCall => new HubMessage.Call(reader.PeerId()),
            FrameType.HubClock => StarFields.ReadClock(ref reader),
            FrameType.HubOrder => StarFields.ReadOrder(ref reader),
            FrameType.HubClocked => StarFields.ReadClocked(ref reader),
            FrameType.HubWanted => OfferFields.ReadWanted(ref reader),
            FrameType.HubFound => OfferFields.ReadFound(ref reader),
            FrameType.HubListed => new HubMessage.Listed(),
            _ => PeerCodec.Parse(type, ref reader, null) is { } said ? new HubMessage.FromRelay(said) : null,
        };

    private static HubMessage.Gone ReadGone(ref WireReader reader)
    {
        PeerId peer = reader.PeerId();
        int departure = reader.U8();
        if (departure > (int)Departure.VanishedIncomplete)
        {
            reader.Fail($"unknown departure {departure}");
        }

        return new HubMessage.Gone(peer, (Departure)departure);
    }

    private static HubMessage.Share ReadShare(ref WireReader reader)
    {
        PeerId origin = reader.PeerId();
        string name = reader.Text("origin name", WireLimits.NameBytes, least: 1);
        int order = reader.Int("origin order");
        return new HubMessage.Share(origin, name, order, EntryList.Read(ref reader));
    }

    private static HubMessage.Own ReadOwn(ref WireReader reader)
    {
        PeerId? owner = reader.Flag("has owner") ? reader.PeerId() : null;
        ImmutableArray<ContentId>.Builder contents = ImmutableArray.CreateBuilder<ContentId>();
        while (reader.HasMore)
        {
            contents.Add(reader.ContentId());
        }

        return new HubMessage.Own(owner, contents.DrainToImmutable());
    }
}
