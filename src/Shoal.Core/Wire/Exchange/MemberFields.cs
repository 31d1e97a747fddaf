using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Exchange;

/// <summary>Fields that both directions between a hub and its members use.</summary>
internal static class MemberFields
{
    //  Endpoints:  count u8 | length u16 + UTF-8 ...
    //  Capacity:   flags u8 (1: up is known, 2: down is known) | up f64 if known | down f64 if known
    //  Tally:      sent i64 | received i64 | wasted i64 | rejected i64 | up rate f64 | down rate f64
    //              | relayed sent i64 | relayed received i64
    public const int TallySize = 64;

    public static int SizeOf(ImmutableArray<string> endpoints)
    {
        int size = 1;
        foreach (string endpoint in endpoints)
        {
            size += WireWriter.SizeOf(endpoint);
        }

        return size;
    }

    public static int SizeOf(DeclaredCapacity capacity) =>
        1 + (capacity.Up is null ? 0 : 8) + (capacity.Down is null ? 0 : 8);

    public static int SizeOf(Member member) =>
        PeerId.Size + WireWriter.SizeOf(member.Name) + 4 + SizeOf(member.Endpoints) + SizeOf(member.Capacity)
        + 1;

    public static void Write(ref WireWriter writer, ImmutableArray<string> endpoints)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endpoints.Length, WireLimits.Endpoints);
        writer.U8(endpoints.Length);
        foreach (string endpoint in endpoints)
        {
            writer.Text(endpoint, WireLimits.EndpointBytes);
        }
    }

    public static void Write(ref WireWriter writer, DeclaredCapacity capacity)
    {
        writer.U8((capacity.Up is null ? 0 : 1) | (capacity.Down is null ? 0 : 2));
        if (capacity.Up is { } up)
        {
            writer.Amount(up);
        }

        if (capacity.Down is { } down)
        {
            writer.Amount(down);
        }
    }

    //  id (16) | name | join order u32 | endpoints | capacity | relay u8
    public static void Write(ref WireWriter writer, Member member)
    {
        writer.PeerId(member.Id);
        writer.Text(member.Name, WireLimits.NameBytes);
        writer.Int(member.JoinOrder);
        Write(ref writer, member.Endpoints);
        Write(ref writer, member.Capacity);
        writer.U8((int)member.Relay);
    }

    public static void Write(ref WireWriter writer, PeerTally tally)
    {
        writer.Long(tally.BytesSent);
        writer.Long(tally.BytesReceived);
        writer.Long(tally.BytesWasted);
        writer.Long(tally.ChunksRejected);
        writer.Amount(tally.UpRate);
        writer.Amount(tally.DownRate);
        writer.Long(tally.RelayedSent);
        writer.Long(tally.RelayedReceived);
    }

    public static ImmutableArray<string> ReadEndpoints(ref WireReader reader)
    {
        int count = reader.U8();
        if (count > WireLimits.Endpoints)
        {
            reader.Fail($"{count} endpoints, the limit is {WireLimits.Endpoints}");
            return [];
        }

        var endpoints = new string[count];
        for (int i = 0; i < count; i++)
        {
            endpoints[i] = reader.Text("endpoint", WireLimits.EndpointBytes, least: 1);
        }

        return [.. endpoints];
    }

    public static DeclaredCapacity ReadCapacity(ref WireReader reader)
    {
        int flags = reader.U8();
        if (flags > 3)
        {
            reader.Fail($"unknown capacity flags {flags}");
        }

        double? up = (flags & 1) != 0 ? ReadCapacity(ref reader, "upload capacity") : null;
        double? down = (flags & 2) != 0 ? ReadCapacity(ref reader, "download capacity") : null;
        return new DeclaredCapacity(up, down);
    }

    public static Member ReadMember(ref WireReader reader)
    {
        PeerId id = reader.PeerId();
        string name = reader.Text("peer name", WireLimits.NameBytes, least: 1);
        int joinOrder = reader.Int("join order");
        ImmutableArray<string> endpoints = ReadEndpoints(ref reader);
        DeclaredCapacity capacity = ReadCapacity(ref reader);
        return new Member(id, name, joinOrder, endpoints, capacity) { Relay = ReadRelay(ref reader) };
    }

    public static RelayUse ReadRelay(ref WireReader reader)
    {
        int use = reader.U8();
        if (use > (int)RelayUse.Never)
        {
            reader.Fail($"unknown use of the relay {use}");
        }

        return (RelayUse)use;
    }

    public static PeerTally ReadTally(ref WireReader reader) => new(
        reader.Long("bytes sent"),
        reader.Long("bytes received"),
        reader.Long("bytes wasted"),
        reader.Long("chunks rejected"),
        reader.Amount("upload rate"),
        reader.Amount("download rate"),
        reader.Long("relayed bytes sent"),
        reader.Long("relayed bytes received"));

    // A declared capacity divides: zero is no capacity.
    private static double ReadCapacity(ref WireReader reader, string what)
    {
        double value = reader.Amount(what);
        if (value <= 0)
        {
            reader.Fail($"{what} is zero");
        }

        return value;
    }
}
