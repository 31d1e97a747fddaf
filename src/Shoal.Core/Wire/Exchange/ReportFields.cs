using System.Buffers;
using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Exchange;

/// <summary>Plans, progress and reports.</summary>
internal static class ReportFields
{
    //  Plan:      epoch u32 | tree count u32 | share count u32 | shares: peer (16) | owned f64 | share f64
    //             | wall count u32 | walls: place u32 | place u32
    //             | rows to the end: owner's place u32 | an f64 a share
    //  Progress:  held i64 | total i64 | complete u32 | present u32 | is settled u8
    //  Report:    makespan i64 | bound i64 | source u8 | binding (length u16, UTF-8) | content bytes i64
    //             | lines to the end: peer (16) | name | finish | owned i64 | tally (64) | up f64 | down f64
    //  A finish is a flag u8, and an i64 behind it if that is 1. Times are counts of 100 ns; amounts are
    //  IEEE 754 doubles.
    private const int PlanHead = 16;
    private const int WallSize = 8;
    private const int ShareSize = PeerId.Size + 16;
    private const int ProgressSize = 25;
    private const int ReportHead = 8 + 8 + 1 + 8;

    public static bool EncodePlan(DistributionPlan plan, IBufferWriter<byte> output)
    {
        int size = PlanHead + (plan.Shares.Length * ShareSize) + (plan.Walls.Length * WallSize)
            + (plan.Rows.Length * RowSize(plan.Shares.Length));
        var writer = new WireWriter(output, FrameType.HubFollow, size);
        writer.Int(plan.Epoch);
        writer.Int(plan.TreeCount);
        writer.Int(plan.Shares.Length);
        foreach (PlanShare share in plan.Shares)
        {
            writer.PeerId(share.Peer);
            writer.Amount(share.OwnedBytes);
            writer.Amount(share.ShareBytes);
        }

        writer.Int(plan.Walls.Length);
        foreach (PlanWall wall in plan.Walls)
        {
            writer.Int(wall.One);
            writer.Int(wall.Other);
        }

        foreach (PlanRow row in plan.Rows)
        {
            writer.Int(row.Owner);
            foreach (double bytes in row.Shares)
            {
                writer.Amount(bytes);
            }
        }

        writer.End();
        return false;
    }

    public static DistributionPlan ReadPlan(ref WireReader reader)
    {
        int epoch = reader.Int("epoch");
        int trees = reader.Int("tree count", DistributionPlan.MostTrees);
        int count = Count(ref reader, "shares", WireLimits.Members, ShareSize);
        ImmutableArray<PlanShare>.Builder shares = ImmutableArray.CreateBuilder<PlanShare>();
        for (int i = 0; i < count; i++)
        {
            shares.Add(new PlanShare(reader.PeerId(), reader.Amount("owned bytes"), reader.Amount("share")));
        }

        int wallCount = Count(ref reader, "walls", DistributionPlan.MostWalls, WallSize);
        ImmutableArray<PlanWall>.Builder walls = ImmutableArray.CreateBuilder<PlanWall>();
        for (int i = 0; i < wallCount; i++)
        {
            walls.Add(new PlanWall(reader.Int("place", count), reader.Int("place", count)));
        }

        ImmutableArray<PlanShare> read = shares.DrainToImmutable();
        ImmutableArray<PlanWall> readWalls = walls.DrainToImmutable();
        ImmutableArray<PlanRow> rows = ReadRows(ref reader, count);
        if (!DistributionPlan.IsValid(trees, read) || !DistributionPlan.AreValid(trees, count, readWalls, rows))
        {
            reader.Fail("the shares make no plan");
            return new DistributionPlan(epoch, 0, []);
        }

        return new DistributionPlan(epoch, trees, read, readWalls, rows);
    }

    private static ImmutableArray<PlanRow> ReadRows(ref WireReader reader, int count)
    {
        ImmutableArray<PlanRow>.Builder rows = ImmutableArray.CreateBuilder<PlanRow>();
        while (reader.HasMore && reader.Remaining >= RowSize(count))
        {
            int owner = reader.Int("owner's place", count);
            ImmutableArray<double>.Builder bytes = ImmutableArray.CreateBuilder<double>(count);
            for (int i = 0; i < count; i++)
            {
                bytes.Add(reader.Amount("share of a row"));
            }

            rows.Add(new PlanRow(owner, bytes.MoveToImmutable()));
        }

        if (reader.HasMore)
        {
            reader.Fail("half a row");
        }

        return rows.DrainToImmutable();
    }

    /// <summary>
    /// A number of things that are there in full; 0, and a reason to refuse the frame, if they are not.
    /// </summary>
    private static int Count(ref WireReader reader, string things, int most, int size)
    {
        int count = reader.Int($"number of {things}", most);
        if (reader.Remaining >= (long)count * size)
        {
            return count;
        }

        reader.Fail($"fewer {things} than announced");
        return 0;
    }

    private static int RowSize(int shares) => 4 + (shares * sizeof(double));

    public static bool EncodeProgress(SwarmProgress progress, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output, FrameType.HubAdvance, ProgressSize);
        writer.Long(progress.HeldBytes);
        writer.Long(progress.TotalBytes);
        writer.Int(progress.CompleteMembers);
        writer.Int(progress.PresentMembers);
        writer.Flag(progress.IsSettled);
        writer.End();
        return false;
    }

    public static SwarmProgress ReadProgress(ref WireReader reader) => new(
        reader.Long("held bytes"),
        reader.Long("total bytes"),
        reader.Int("complete members", WireLimits.Members),
        reader.Int("present members", WireLimits.Members),
        reader.Flag("is settled"));

    public static bool EncodeReport(ExchangeReport report, IBufferWriter<byte> output)
    {
        string binding = WireWriter.Sentence(report.Binding);
        int size = ReportHead + WireWriter.SizeOf(binding);
        foreach (PeerReport peer in report.Peers)
        {
            size += PeerId.Size + WireWriter.SizeOf(peer.Name) + WireWriter.SizeOf(peer.Finish) + 8
                + MemberFields.TallySize + 16;
        }

        var writer = new WireWriter(output, FrameType.HubFinished, size);
        writer.Span(report.Makespan);
        writer.Span(report.LowerBound);
        writer.U8((int)report.BoundSource);
        writer.Text(binding, WireLimits.SentenceBytes);
        writer.Long(report.ContentBytes);
        foreach (PeerReport peer in report.Peers)
        {
            WritePeer(ref writer, peer);
        }

        writer.End();
        return false;
    }

    public static ExchangeReport ReadReport(ref WireReader reader)
    {
        TimeSpan makespan = reader.Span("makespan");
        TimeSpan bound = reader.Span("lower bound");
        int source = reader.U8();
        if (source > (int)BoundSource.Simulated)
        {
            reader.Fail($"unknown bound source {source}");
        }

        string binding = reader.Text("binding constraint", WireLimits.SentenceBytes);
        long contentBytes = reader.Long("content bytes");
        ImmutableArray<PeerReport>.Builder peers = ImmutableArray.CreateBuilder<PeerReport>();
        while (reader.HasMore)
        {
            if (peers.Count == WireLimits.Members)
            {
                reader.Fail($"more than {WireLimits.Members} peers");
            }

            peers.Add(ReadPeer(ref reader));
        }

        return new ExchangeReport(
            makespan, bound, (BoundSource)source, binding, contentBytes, peers.DrainToImmutable());
    }

    private static void WritePeer(ref WireWriter writer, PeerReport peer)
    {
        writer.PeerId(peer.Peer);
        writer.Text(peer.Name, WireLimits.NameBytes);
        writer.OptionalSpan(peer.Finish);
        writer.Long(peer.OwnedBytes);
        MemberFields.Write(ref writer, peer.Tally);
        writer.Amount(peer.UpCapacity);
        writer.Amount(peer.DownCapacity);
    }

    private static PeerReport ReadPeer(ref WireReader reader)
    {
        PeerId peer = reader.PeerId();
        string name = reader.Text("peer name", WireLimits.NameBytes, least: 1);
        TimeSpan? finish = reader.OptionalSpan("finish");
        long owned = reader.Long("owned bytes");
        PeerTally tally = MemberFields.ReadTally(ref reader);

        // Where nothing limits a link its capacity is infinite, so these two may be.
        double up = reader.AmountOrInfinity("upload capacity");
        return new PeerReport(
            peer, name, finish, owned, tally, up, reader.AmountOrInfinity("download capacity"));
    }
}
