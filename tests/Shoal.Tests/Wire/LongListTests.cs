using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire;

namespace Shoal.Tests.Wire;

/// <summary>
/// Lists that do not fit into a frame: they take several, and all of them keep to the limits.
/// </summary>
public sealed class LongListTests
{
    private readonly WireMessages _random = new(1);

    [Fact]
    public void ALongManifestTravelsInParts()
    {
        ImmutableArray<Digest> digests = _random.Digests(100_000);
        var layout = new ChunkLayout(100_000L * ChunkLayout.SmallestSize, ChunkLayout.SmallestSize);
        Manifest small = _random.Manifest();
        var message = new MemberMessage.Describe([small, new Manifest(layout, digests), small]);

        List<byte[]> encoded = Frames.OfMember(message);
        List<MemberMessage.Describe> back = Decode<MemberMessage.Describe>(1, encoded);

        Assert.Equal(4, encoded.Count);
        Assert.All(
            encoded, frame => Assert.InRange(frame.Length, 1, FrameHeader.Size + WireLimits.ControlBytes));
        Assert.Equal(
            message.Manifests.Select(m => m.Id), back.SelectMany(m => m.Manifests).Select(m => m.Id));
    }

    [Fact]
    public void TheLongestBitfieldFitsAFrame()
    {
        var hold = new PeerMessage.Hold([.. Enumerable.Range(0, 5).Select(_ =>
            new Holding(_random.Content(), Bitfield.Full(ChunkLayout.MostChunks)))]);

        List<byte[]> encoded = Frames.OfPeer(hold);
        List<PeerMessage.Hold> back = Decode<PeerMessage.Hold>(0, encoded);

        Assert.Equal(5, encoded.Count);
        Assert.Equal(
            hold.Holdings.Select(h => h.Content), back.SelectMany(m => m.Holdings).Select(h => h.Content));
        Assert.All(back, m => Assert.All(m.Holdings, h => Assert.True(h.Chunks.IsComplete)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void ChunksKeepTheirOrderOverFrames(int contents)
    {
        ImmutableArray<ContentId> ids = [.. Enumerable.Range(0, contents).Select(_ => _random.Content())];
        var request = new PeerMessage.Request([.. Enumerable.Range(0, 100_000).Select(i =>
            new ChunkRef(ids[(int)((long)i * contents / 100_000)], new ChunkIndex(i)))]);

        List<byte[]> encoded = Frames.OfPeer(request);
        List<PeerMessage.Request> back = Decode<PeerMessage.Request>(0, encoded);

        Assert.True(encoded.Count > 1);
        Assert.All(
            encoded, frame => Assert.InRange(frame.Length, 1, FrameHeader.Size + WireLimits.ChunkListBytes));
        Assert.True(request.Chunks.SequenceEqual(back.SelectMany(m => m.Chunks)));
    }

    [Fact]
    public void ManyEntriesTakeSeveralFrames()
    {
        string folder = string.Join('/', Enumerable.Repeat(new string('x', 200), 10));
        ImmutableArray<SharedEntry> entries = [.. Enumerable.Range(0, 1500).Select(i =>
            new SharedEntry.File(EntryName.Parse($"{folder}/{i}"), _random.Content(), i, false))];
        var share = new HubMessage.Share(_random.PeerId(), "origin", 3, entries);

        List<byte[]> encoded = Frames.OfHub(share);
        List<HubMessage.Share> back = Decode<HubMessage.Share>(2, encoded);

        Assert.Equal(3, encoded.Count);
        Assert.True(entries.SequenceEqual(back.SelectMany(m => m.Entries)));
        Assert.All(
            back, m => Assert.Equal((share.Origin, "origin", 3), (m.Origin, m.OriginName, m.OriginOrder)));
    }

    [Fact]
    public void ManyOwnedContentsTakeSeveralFrames()
    {
        PeerId owner = _random.PeerId();
        var own = new HubMessage.Own(owner, [.. Enumerable.Range(0, 70_000).Select(_ => _random.Content())]);

        List<HubMessage.Own> back = Decode<HubMessage.Own>(2, Frames.OfHub(own));

        Assert.Equal(3, back.Count);
        Assert.All(back, m => Assert.Equal(owner, m.Owner));
        Assert.True(own.Contents.SequenceEqual(back.SelectMany(m => m.Contents)));
    }

    [Fact]
    public void AReportAndAPlanOfTheLargestSwarmFit()
    {
        string name = new('名', 66);
        ImmutableArray<PeerId> peers =
            [.. Enumerable.Range(0, WireLimits.Members).Select(_ => _random.PeerId())];
        var report = new ExchangeReport(default, default, default, "", 0, [.. peers.Select(peer =>
            new PeerReport(peer, name, TimeSpan.Zero, 0, default, 0, 0))]);
        var plan = new DistributionPlan(1, 0, [.. peers.Select(peer => new PlanShare(peer, 1, 2))]);

        Assert.Single(Frames.OfHub(new HubMessage.Finished(report)));
        HubMessage.Follow follow = Assert.Single(
            Decode<HubMessage.Follow>(2, Frames.OfHub(new HubMessage.Follow(plan))));
        Assert.Equal(WireLimits.Members, follow.Plan.Shares.Length);
    }

    [Fact]
    public void APlanWithAsManyWallsAndRowsAsCanBeFits()
    {
        const int Most = DistributionPlan.MeshLimit;
        ImmutableArray<PlanWall> walls =
        [
            .. Enumerable.Range(0, Most).SelectMany(one =>
                Enumerable.Range(one + 1, Most - one - 1).Select(other => new PlanWall(one, other))),
        ];
        ImmutableArray<double> row = [.. Enumerable.Repeat(1.0, Most + 1)];
        var plan = new DistributionPlan(
            1, 0, [.. Enumerable.Range(0, Most + 1).Select(_ => new PlanShare(_random.PeerId(), 1, 2))], walls,
            [.. Enumerable.Range(0, Most + 1).Select(owner => new PlanRow(owner, row))]);

        HubMessage.Follow follow = Assert.Single(
            Decode<HubMessage.Follow>(2, Frames.OfHub(new HubMessage.Follow(plan))));

        Assert.Equal(DistributionPlan.MostWalls, follow.Plan.Walls.Length);
        Assert.Equal(walls, follow.Plan.Walls);
        Assert.Equal(row, follow.Plan.Rows[^1].Shares);
    }

    [Fact]
    public void ALongSentenceIsCutBetweenCharacters()
    {
        var refuse = new HubMessage.Refuse(string.Concat(Enumerable.Repeat("🐟\n", 500)));

        HubMessage.Refuse back = Assert.Single(Decode<HubMessage.Refuse>(2, Frames.OfHub(refuse)));

        Assert.Equal(string.Concat(Enumerable.Repeat("🐟 ", 204)) + "🐟", back.Reason);
    }

    [Fact]
    public void ANameThatIsTooLongIsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Frames.OfHub(
            new HubMessage.Joined(
                new Member(default, new string('x', WireLimits.NameBytes + 1), 1, [], default))));

    private static List<T> Decode<T>(int conversation, List<byte[]> frames) =>
        [.. Frames.All[conversation].DecodeAll(frames).Cast<T>()];
}
