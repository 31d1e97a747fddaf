using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Time;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Core.Wire.Edge;

/// <summary>Reads the frames that only an edge tier has; <see cref="TierCodec"/> draws and writes them.</summary>
internal static class TierFields
{
    private const long NoTime = -1;

    public static TierMessage? Read(FrameType type, ref WireReader reader) => type switch
    {
        FrameType.TierAttend => ReadAttend(ref reader),
        FrameType.TierWant => new TierMessage.Want(ReadNames(ref reader)),
        FrameType.TierReady => new TierMessage.Ready(),
        FrameType.TierUnknown => new TierMessage.Unknown(ReadNames(ref reader)),
        FrameType.TierOrder => new TierMessage.Order(
            ReadKind(ref reader), reader.ContentId(), reader.PeerId(), ReadTime(ref reader)),
        FrameType.TierSettle => new TierMessage.Settle(
            ReadKind(ref reader), reader.ContentId(), reader.PeerId(), new VirtualTime(reader.Long("time"))),
        FrameType.TierGiveUp => new TierMessage.GiveUp(reader.ContentId(), ReadTime(ref reader)),
        FrameType.TierWhole => new TierMessage.Whole(ReadKind(ref reader), reader.ContentId(), reader.PeerId()),
        FrameType.TierFail => new TierMessage.Fail(
            ReadKind(ref reader), reader.ContentId(), reader.PeerId(),
            (TierFault)ReadChoice(ref reader, "fault", (int)TierFault.Full)),
        FrameType.TierMeet => new TierMessage.Meet(
            reader.PeerId(), reader.Text("name", WireLimits.NameBytes, least: 1),
            MemberFields.ReadEndpoints(ref reader)),
        FrameType.TierMatch => new TierMessage.Match(reader.Text("glob", WireLimits.EntryNameBytes, least: 1)),
        FrameType.TierRefuse => new TierMessage.Refuse(reader.Text("reason", WireLimits.SentenceBytes)),
        FrameType.TierListed => new TierMessage.Listed(),
        FrameType.TierFinish => new TierMessage.Finish(ReadTime(ref reader)),
        _ => null,
    };

    private static TierMessage.Attend ReadAttend(ref WireReader reader)
    {
        int role = ReadChoice(ref reader, "role", (int)TierRole.Client);
        string name = reader.Text("name", WireLimits.AskedNameBytes, least: 1);
        int order = ReadChoice(ref reader, "order", (int)ListOrder.Free);
        long capacity = reader.Long("capacity");
        return new TierMessage.Attend(
            (TierRole)role, name, (ListOrder)order, capacity, MemberFields.ReadEndpoints(ref reader));
    }

    private static ImmutableArray<EntryName> ReadNames(ref WireReader reader)
    {
        var names = ImmutableArray.CreateBuilder<EntryName>();
        while (reader.HasMore)
        {
            string text = reader.Text("entry name", WireLimits.EntryNameBytes, least: 1);
            if (reader.Failure is not null)
            {
                break;
            }

            if (EntryName.TryParse(text, out EntryName name, out string? reason))
            {
                names.Add(name);
            }
            else
            {
                reader.Fail(reason);
            }
        }

        return names.DrainToImmutable();
    }

    private static TransferKind ReadKind(ref WireReader reader) =>
        (TransferKind)ReadChoice(ref reader, "transfer", (int)TransferKind.Delivery);

    private static int ReadChoice(ref WireReader reader, string what, int most)
    {
        int value = reader.U8();
        if (value > most)
        {
            reader.Fail($"unknown {what} {value}");
        }

        return value;
    }

    private static VirtualTime? ReadTime(ref WireReader reader)
    {
        long time = reader.Long("time", least: NoTime);
        return time == NoTime ? null : new VirtualTime(time);
    }
}
