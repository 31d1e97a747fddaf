using System.Buffers;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Core.Wire.Exchange;

/// <summary>What a hub and the machines of its directory's users say to each other.</summary>
internal static class OfferFields
{
    //  0x60 Enlist    user | port u16
    //  0x61 Offer     file | offer id (32) | bytes i64
    //  0x62 Withdraw  file
    //  0x63 Seek      user | file
    //  0x64 Wanted    offer id (32)
    //  0x65 Found     offer id (32) | bytes i64 | sources u32
    //
    //  A user and a file are: length u16 | UTF-8, 1 to 255 bytes.
    public static bool Encode(MemberMessage.Enlist m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberEnlist, WireWriter.SizeOf(m.User) + 2);
        writer.Text(m.User, WireLimits.DirectoryNameBytes);
        writer.U16(m.Port);
        writer.End();
        return false;
    }

    public static bool Encode(MemberMessage.Offer m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberOffer, WireWriter.SizeOf(m.File) + Digest.Size + 8);
        writer.Text(m.File, WireLimits.DirectoryNameBytes);
        writer.Digest(m.Id.Value);
        writer.Long(m.Bytes);
        writer.End();
        return false;
    }

    public static bool Encode(MemberMessage.Withdraw m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.MemberWithdraw, WireWriter.SizeOf(m.File));
        writer.Text(m.File, WireLimits.DirectoryNameBytes);
        writer.End();
        return false;
    }

    public static bool Encode(MemberMessage.Seek m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(
            output, FrameType.MemberSeek, WireWriter.SizeOf(m.User) + WireWriter.SizeOf(m.File));
        writer.Text(m.User, WireLimits.DirectoryNameBytes);
        writer.Text(m.File, WireLimits.DirectoryNameBytes);
        writer.End();
        return false;
    }

    public static bool Encode(HubMessage.Wanted m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubWanted, Digest.Size);
        writer.Digest(m.Offer.Value);
        writer.End();
        return false;
    }

    public static bool Encode(HubMessage.Found m, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubFound, Digest.Size + 12);
        writer.Digest(m.Offer.Value);
        writer.Long(m.Bytes);
        writer.Int(m.Sources);
        writer.End();
        return false;
    }

    public static MemberMessage.Enlist ReadEnlist(ref WireReader reader) =>
        new(ReadName(ref reader, "user"), reader.U16());

    public static MemberMessage.Offer ReadOffer(ref WireReader reader) =>
        new(ReadName(ref reader, "file"), new OfferId(reader.Digest()), reader.Long("bytes"));

    public static MemberMessage.Withdraw ReadWithdraw(ref WireReader reader) => new(ReadName(ref reader, "file"));

    public static MemberMessage.Seek ReadSeek(ref WireReader reader) =>
        new(ReadName(ref reader, "user"), ReadName(ref reader, "file"));

    public static HubMessage.Wanted ReadWanted(ref WireReader reader) => new(new OfferId(reader.Digest()));

    public static HubMessage.Found ReadFound(ref WireReader reader) =>
        new(new OfferId(reader.Digest()), reader.Long("bytes"), reader.Int("sources"));

    private static string ReadName(ref WireReader reader, string what) =>
        reader.Text(what, WireLimits.DirectoryNameBytes, least: 1);
}
