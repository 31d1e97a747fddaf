using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Core.Wire.Edge;

/// <summary>What is said in an edge tier, as frames; chunks travel beside them, as between peers.</summary>
public static class TierCodec
{
    //  0x50 Attend    role u8 | name | order u8 | capacity i64 | endpoints  (MemberFields)
    //  0x51 Want      names to the end
    //  0x52 Ready     nothing
    //  0x53 Describe  manifest parts  (ManifestList)
    //  0x54 Share     entries         (EntryList)
    //  0x55 Unknown   names to the end
    //  0x56 Order     transfer | at
    //  0x57 Settle    transfer | at
    //  0x58 GiveUp    content id (32) | at
    //  0x59 Whole     transfer
    //  0x5A Fail      transfer | fault u8
    //  0x5B Meet      peer (16) | name | endpoints
    //  0x5C Match     glob
    //  0x5D Refuse    reason
    //  0x5E Finish    at
    //  0x5F Listed    nothing
    //
    //  transfer: kind u8 | content id (32) | peer (16).   at: i64 nanoseconds, -1: no clock.
    private const int TransferSize = 1 + Digest.Size + PeerId.Size;
    private const int TimeSize = 8;
    private const long NoTime = -1;

    /// <summary>Reads the next message. A chunk frame is not a message: see <see cref="ChunkHeader"/>.</summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="assembly">The connection's open manifest.</param>
    /// <param name="message">The message, when done; a part of a list gives a message of its own.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, ManifestAssembly assembly, out TierMessage? message, out string? reason) =>
        FrameBody.Decode(ref input, FrameConversation.Tier, assembly, Parse, out message, out reason);

    /// <summary>Writes the next frame of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cursor">How far it is written; new for each message.</param>
    /// <param name="output">Gets the frame.</param>
    /// <returns>Whether the message needs more frames.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The message breaks one of <see cref="WireLimits"/>.
    /// </exception>
    public static bool EncodeNext(TierMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        message switch
        {
            TierMessage.Attend m => EncodeAttend(m, output),
            TierMessage.Want m => EncodeNames(FrameType.TierWant, m.Names, ref cursor, output),
            TierMessage.Ready => FrameBody.EncodeEmpty(FrameType.TierReady, output),
            TierMessage.Describe m =>
                ManifestList.EncodeNext(FrameType.TierDescribe, m.Manifests, ref cursor, output),
            TierMessage.Share m => EncodeShare(m, ref cursor, output),
            TierMessage.Unknown m => EncodeNames(FrameType.TierUnknown, m.Names, ref cursor, output),
            TierMessage.Order m => EncodeTransfer(FrameType.TierOrder, m.Kind, m.Content, m.Peer, m.At, output),
            TierMessage.Settle m => EncodeTransfer(FrameType.TierSettle, m.Kind, m.Content, m.Peer, m.At, output),
            TierMessage.GiveUp m => EncodeGiveUp(m, output),
            TierMessage.Whole m => EncodeWhole(m, output),
            TierMessage.Fail m => EncodeFail(m, output),
            TierMessage.Meet m => EncodeMeet(m, output),
            TierMessage.Match m => EncodeMatch(m, output),
            TierMessage.Refuse m => EncodeRefuse(m, output),
            TierMessage.Finish m => EncodeFinish(m, output),
            TierMessage.Listed => FrameBody.EncodeEmpty(FrameType.TierListed, output),
            TierMessage.Said m => PeerCodec.EncodeNext(m.Message, ref cursor, output),
            _ => throw new UnreachableException(),
        };

    private static bool EncodeAttend(TierMessage.Attend m, IBufferWriter<byte> output)
    {
        int size = 1 + WireWriter.SizeOf(m.Name) + 1 + 8 + MemberFields.SizeOf(m.Endpoints);
        var writer = new WireWriter(output, FrameType.TierAttend, size);
        writer.U8((int)m.Role);
        writer.Text(m.Name, WireLimits.AskedNameBytes);
        writer.U8((int)m.ListOrder);
        writer.Long(m.Capacity);
        MemberFields.Write(ref writer, m.Endpoints);
        writer.End();
        return false;
    }

    private static bool EncodeNames(
        FrameType type, ImmutableArray<EntryName> names, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int size = 0;
        int end = cursor.Item;
        while (end < names.Length && size + WireWriter.SizeOf(names[end].Value) <= WireLimits.ControlBytes)
        {
            size += WireWriter.SizeOf(names[end].Value);
            end++;
        }

        var writer = new WireWriter(output, type, size);
        foreach (EntryName name in names.AsSpan()[cursor.Item..end])
        {
            writer.Text(name.Value, WireLimits.EntryNameBytes);
        }

        writer.End();
        cursor.Item = end;
        return end < names.Length;
    }

    private static bool EncodeShare(TierMessage.Share m, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int end = EntryList.Fit(m.Entries, cursor, WireLimits.ControlBytes, out int size);
        var writer = new WireWriter(output, FrameType.TierShare, size);
        EntryList.Write(ref writer, m.Entries.AsSpan()[cursor.Item..end]);
        writer.End();
        cursor.Item = end;
        return end < m.Entries.Length;
    }

    private static bool EncodeTransfer(
        FrameType type, TransferKind kind, ContentId content, PeerId peer, VirtualTime? at, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, type, TransferSize + TimeSize);
        Write(ref writer, kind, content, peer);
        Write(ref writer, at);
        writer.End();
        return false;
    }

    private static bool EncodeGiveUp(TierMessage.GiveUp m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.TierGiveUp, Digest.Size + TimeSize);
        writer.ContentId(m.Content);
        Write(ref writer, m.At);
        writer.End();
        return false;
    }

    private static bool EncodeWhole(TierMessage.Whole m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.TierWhole, TransferSize);
        Write(ref writer, m.Kind, m.Content, m.Peer);
        writer.End();
        return false;
    }

    private static bool EncodeFail(TierMessage.Fail m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.TierFail, TransferSize + 1);
        Write(ref writer, m.Kind, m.Content, m.Peer);
        writer.U8((int)m.Fault);
        writer.End();
        return false;
    }

    private static bool EncodeMeet(TierMessage.Meet m, IBufferWriter<byte> output)
    {
        int size = PeerId.Size + WireWriter.SizeOf(m.Name) + MemberFields.SizeOf(m.Endpoints);
        var writer = new WireWriter(output, FrameType.TierMeet, size);
        writer.PeerId(m.Peer);
        writer.Text(m.Name, WireLimits.NameBytes);
        MemberFields.Write(ref writer, m.Endpoints);
        writer.End();
        return false;
    }

    private static bool EncodeMatch(TierMessage.Match m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.TierMatch, WireWriter.SizeOf(m.Glob));
        writer.Text(m.Glob, WireLimits.EntryNameBytes);
        writer.End();
        return false;
    }

    private static bool EncodeRefuse(TierMessage.Refuse m, IBufferWriter<byte> output)
    {
        string reason = WireWriter.Sentence(m.Reason);
        var writer = new WireWriter(output, FrameType.TierRefuse, WireWriter.SizeOf(reason));
        writer.Text(reason, WireLimits.SentenceBytes);
        writer.End();
        return false;
    }

    private static bool EncodeFinish(TierMessage.Finish m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.TierFinish, TimeSize);
        Write(ref writer, m.At);
        writer.End();
        return false;
    }

    private static void Write(ref WireWriter writer, TransferKind kind, ContentId content, PeerId peer)
    {
        writer.U8((int)kind);
        writer.ContentId(content);
        writer.PeerId(peer);
    }

    private static void Write(ref WireWriter writer, VirtualTime? at) => writer.Long(at?.Nanoseconds ?? NoTime);

    private static TierMessage? Parse(FrameType type, ref WireReader reader, ManifestAssembly assembly) =>
        type switch
        {
            FrameType.TierDescribe => new TierMessage.Describe(ManifestList.Read(ref reader, assembly)),
            FrameType.TierShare => new TierMessage.Share(EntryList.Read(ref reader)),
            _ => PeerCodec.Parse(type, ref reader, null) is { } said
                ? new TierMessage.Said(said) : TierFields.Read(type, ref reader),
        };
}
