using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Exchange;

/// <summary>What members say to their hub, as frames.</summary>
public static class MemberCodec
{
    //  0x20 Join      swarm | peer (16) | name | endpoints | capacity | expect u32 | join order u32
    //                 | running for | finished after | relay u8
    //  0x21 Describe  manifest parts  (ManifestList)
    //  0x22 Share     origin (16) | origin name | entries  (EntryList)
    //  0x23 Hold      holdings        (HoldingList)
    //  0x24 Ready     nothing
    //  0x25 Have      chunks          (ChunkList)
    //  0x26 Lose      content id (32)
    //  0x27 Count     tally           (MemberFields)
    //  0x28 Alive     nothing
    //  0x29 Leave     nothing
    //  0x2A Look      swarm
    //  0x2B Reach     peer (16) | reachability u8
    //  0x43: under the system clock      (StarFields)
    //  0x60 to 0x63: of a user's machine (OfferFields)
    //
    //  What is said to the relay are frames of PeerCodec, and chunks.
    //
    //  A name is: length u16 | UTF-8. An optional time is: 0 u8, or 1 u8 and a count of 100 ns i64.

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
        ref ReadOnlySequence<byte> input, ManifestAssembly assembly, out MemberMessage? message,
        out string? reason) =>
        FrameBody.Decode(ref input, FrameConversation.Member, assembly, Parse, out message, out reason);

    /// <summary>Writes the next frame of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cursor">How far it is written; new for each message.</param>
    /// <param name="output">Gets the frame.</param>
    /// <returns>Whether the message needs more frames.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The message breaks one of <see cref="WireLimits"/>.
    /// </exception>
    public static bool EncodeNext(
        MemberMessage message, ref EncodeCursor cursor, IBufferWriter<byte> output) =>
        message switch
        {
            MemberMessage.Join m => EncodeJoin(m, output),
            MemberMessage.Describe m =>
                ManifestList.EncodeNext(FrameType.MemberDescribe, m.Manifests, ref cursor, output),
            MemberMessage.Share m => EncodeShare(m, ref cursor, output),
            MemberMessage.Hold m =>
                HoldingList.EncodeNext(FrameType.MemberHold, m.Holdings, ref cursor, output),
            MemberMessage.Ready => FrameBody.EncodeEmpty(FrameType.MemberReady, output),
            MemberMessage.Have m => ChunkList.EncodeNext(FrameType.MemberHave, m.Chunks, ref cursor, output),
            MemberMessage.Lose m => EncodeLose(m, output),
            MemberMessage.Count m => EncodeCount(m, output),
            MemberMessage.Alive => FrameBody.EncodeEmpty(FrameType.MemberAlive, output),
            MemberMessage.Leave => FrameBody.EncodeEmpty(FrameType.MemberLeave, output),
            MemberMessage.Look m => EncodeLook(m, output),
            MemberMessage.Reach m => EncodeReach(m, output),
            MemberMessage.Answer m => StarFields.Encode(m, output),
            MemberMessage.Enlist m => OfferFields.Encode(m, output),
            MemberMessage.Offer m => OfferFields.Encode(m, output),
            MemberMessage.Withdraw m => OfferFields.Encode(m, output),
            MemberMessage.Seek m => OfferFields.Encode(m, output),
            MemberMessage.ToRelay m => PeerCodec.EncodeNext(m.Message, ref cursor, output),
            _ => throw new UnreachableException(),
        };

    private static bool EncodeJoin(MemberMessage.Join m, IBufferWriter<byte> output)
    {
        int size = WireWriter.SizeOf(m.Swarm) + PeerId.Size + WireWriter.SizeOf(m.Name)
            + MemberFields.SizeOf(m.Endpoints) + MemberFields.SizeOf(m.Capacity) + 4 + 4
            + WireWriter.SizeOf(m.RunningFor) + WireWriter.SizeOf(m.FinishedAfter) + 1;
        var writer = new WireWriter(output, FrameType.MemberJoin, size);
        writer.Text(m.Swarm, WireLimits.SwarmNameBytes);
        writer.PeerId(m.Peer);
        writer.Text(m.Name, WireLimits.AskedNameBytes);
        MemberFields.Write(ref writer, m.Endpoints);
        MemberFields.Write(ref writer, m.Capacity);
        writer.Int(m.Expect);
        writer.Int(m.JoinOrder);
        writer.OptionalSpan(m.RunningFor);
        writer.OptionalSpan(m.FinishedAfter);
        writer.U8((int)m.Relay);
        writer.End();
        return false;
    }

    private static bool EncodeShare(
        MemberMessage.Share m, ref EncodeCursor cursor, IBufferWriter<byte> output)
    {
        int head = PeerId.Size + WireWriter.SizeOf(m.OriginName);
        int end = EntryList.Fit(m.Entries, cursor, WireLimits.ControlBytes - head, out int size);
        var writer = new WireWriter(output, FrameType.MemberShare, head + size);
        writer.PeerId(m.Origin);
        writer.Text(m.OriginName, WireLimits.NameBytes);
        EntryList.Write(ref writer, m.Entries.AsSpan()[cursor.Item..end]);
        writer.End();
        cursor.Item = end;
        return end < m.Entries.Length;
    }

    private static bool EncodeLose(MemberMessage.Lose m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberLose, Content.Digest.Size);
        writer.ContentId(m.Content);
        writer.End();
        return false;
    }

    private static bool EncodeLook(MemberMessage.Look m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberLook, WireWriter.SizeOf(m.Swarm));
        writer.Text(m.Swarm, WireLimits.SwarmNameBytes);
        writer.End();
        return false;
    }

    private static bool EncodeCount(MemberMessage.Count m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberCount, MemberFields.TallySize);
        MemberFields.Write(ref writer, m.Tally);
        writer.End();
        return false;
    }

    private static bool EncodeReach(MemberMessage.Reach m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberReach, PeerId.Size + 1);
        writer.PeerId(m.Peer);
        writer.U8((int)m.State);
        writer.End();
        return false;
    }

    private static MemberMessage? Parse(FrameType type, ref WireReader reader, ManifestAssembly assembly) =>
        type switch
        {
            FrameType.MemberJoin => ReadJoin(ref reader),
            FrameType.MemberDescribe => new MemberMessage.Describe(ManifestList.Read(ref reader, assembly)),
            FrameType.MemberShare => ReadShare(ref reader),
            FrameType.MemberHold => new MemberMessage.Hold(HoldingList.Read(ref reader)),
            FrameType.MemberReady => new MemberMessage.Ready(),
            FrameType.MemberHave => new MemberMessage.Have(ChunkList.Read(ref reader)),
            FrameType.MemberLose => new MemberMessage.Lose(reader.ContentId()),
            FrameType.MemberCount => new MemberMessage.Count(MemberFields.ReadTally(ref reader)),
            FrameType.MemberAlive => new MemberMessage.Alive(),
            FrameType.MemberLeave => new MemberMessage.Leave(),
            FrameType.MemberLook => new MemberMessage.Look(
                reader.Text("swarm name", WireLimits.SwarmNameBytes, least: 1)),
            FrameType.MemberReach => ReadReach(ref reader),
            FrameType.MemberAnswer => StarFields.ReadAnswer(ref reader),
            FrameType.MemberEnlist => OfferFields.ReadEnlist(ref reader),
            FrameType.MemberOffer => OfferFields.ReadOffer(ref reader),
            FrameType.MemberWithdraw => OfferFields.ReadWithdraw(ref reader),
            FrameType.MemberSeek => OfferFields.ReadSeek(ref reader),
            _ => PeerCodec.Parse(type, ref reader, null) is { } said ? new MemberMessage.ToRelay(said) : null,
        };

    private static MemberMessage.Join ReadJoin(ref WireReader reader)
    {
        string swarm = reader.Text("swarm name", WireLimits.SwarmNameBytes, least: 1);
        PeerId peer = reader.PeerId();
        string name = reader.Text("peer name", WireLimits.AskedNameBytes, least: 1);
        ImmutableArray<string> endpoints = MemberFields.ReadEndpoints(ref reader);
        DeclaredCapacity capacity = MemberFields.ReadCapacity(ref reader);
        int expect = reader.Int("expected members", WireLimits.Members);
        int joinOrder = reader.Int("join order");
        TimeSpan? runningFor = reader.OptionalSpan("running time");
        TimeSpan? finishedAfter = reader.OptionalSpan("finish");
        return new MemberMessage.Join(
            swarm, peer, name, endpoints, capacity, expect, joinOrder, runningFor, finishedAfter)
        {
            Relay = MemberFields.ReadRelay(ref reader),
        };
    }

    private static MemberMessage.Reach ReadReach(ref WireReader reader)
    {
        PeerId peer = reader.PeerId();
        int state = reader.U8();
        if (state > (int)Reachability.Unreachable)
        {
            reader.Fail($"unknown reachability {state}");
        }

        return new MemberMessage.Reach(peer, (Reachability)state);
    }

    private static MemberMessage.Share ReadShare(ref WireReader reader)
    {
        PeerId origin = reader.PeerId();
        string name = reader.Text("origin name", WireLimits.NameBytes, least: 1);
        return new MemberMessage.Share(origin, name, EntryList.Read(ref reader));
    }
}
