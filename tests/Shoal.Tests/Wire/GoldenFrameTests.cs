using System.Buffers;
using System.Text;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Tests.Wire;

/// <summary>
/// The bytes of every frame, as docs/protocol.md shows them. A difference here means that two versions of the
/// program do not understand each other, and that <see cref="Hello.Version"/> must rise.
/// </summary>
public sealed class GoldenFrameTests
{
    private static readonly ContentId s_content = new(new Digest(Fill(0xC0, Digest.Size)));
    private static readonly ContentId s_other = new(new Digest(Fill(0xE0, Digest.Size)));
    private static readonly PeerId s_anna = new(0xA1A2A3A4A5A6A7A8, 0xA9AAABACADAEAFA0);
    private static readonly PeerId s_ben = new(0xB1B2B3B4B5B6B7B8, 0xB9BABBBCBDBEBFB0);
    private static readonly PeerId s_chris = new(0xC1C2C3C4C5C6C7C8, 0xC9CACBCCCDCECFC0);
    private static readonly ChunkRef[] s_chunks =
        [Chunk(s_content, 0), Chunk(s_content, 258), Chunk(s_other, 5)];
    private static readonly Member s_member =
        new(s_anna, "anna", 1, ["10.0.0.7:4000"], new DeclaredCapacity(1e6, null));
    private static readonly PeerTally s_tally = new(1, 2, 3, 4, 5, 6, 7, 8);

    [Fact]
    public void Introduction()
    {
        var output = new ArrayBufferWriter<byte>();
        IntroductionCodec.Encode(new PeerIntroduction("photos", s_anna, s_ben), output);
        Check("introduction", output.WrittenSpan.ToArray());
    }

    [Fact]
    public void PeerFrames()
    {
        Check("peer-hold", Frames.OfPeer(new PeerMessage.Hold([Held()])));
        Check("peer-have", Frames.OfPeer(new PeerMessage.Have([.. s_chunks])));
        Check("peer-request", Frames.OfPeer(new PeerMessage.Request([.. s_chunks])));
        Check("peer-cancel", Frames.OfPeer(new PeerMessage.Cancel([.. s_chunks])));
        Check("peer-decline", Frames.OfPeer(new PeerMessage.Decline([.. s_chunks])));
        Check("peer-alive", Frames.OfPeer(new PeerMessage.Alive()));
        var chunk = new byte[ChunkHeader.FrameSize];
        new ChunkHeader(s_chunks[1], 262_144).WriteFrame(chunk);
        Check("peer-chunk-header", chunk);
    }

    [Fact]
    public void MemberFrames()
    {
        Check("member-join", Frames.OfMember(new MemberMessage.Join(
            "photos", s_anna, "anna", ["10.0.0.7:4000"], new DeclaredCapacity(1e6, 2e6), 4, 1,
            TimeSpan.FromSeconds(1), null)));
        Check("member-describe", Frames.OfMember(new MemberMessage.Describe([Described()])));
        Check("member-share", Frames.OfMember(new MemberMessage.Share(s_anna, "anna", Entries())));
        Check("member-hold", Frames.OfMember(new MemberMessage.Hold([Held()])));
        Check("member-ready", Frames.OfMember(new MemberMessage.Ready()));
        Check("member-have", Frames.OfMember(new MemberMessage.Have([.. s_chunks])));
        Check("member-lose", Frames.OfMember(new MemberMessage.Lose(s_content)));
        Check("member-count", Frames.OfMember(new MemberMessage.Count(s_tally)));
        Check("member-alive", Frames.OfMember(new MemberMessage.Alive()));
        Check("member-leave", Frames.OfMember(new MemberMessage.Leave()));
        Check("member-look", Frames.OfMember(new MemberMessage.Look("photos")));
        Check("member-reach", Frames.OfMember(new MemberMessage.Reach(s_ben, Reachability.Unreachable)));
        Assert.Equal(
            Frames.OfPeer(new PeerMessage.Request([.. s_chunks])),
            Frames.OfMember(new MemberMessage.ToRelay(new PeerMessage.Request([.. s_chunks]))));
    }

    [Fact]
    public void HubFrames()
    {
        Check("hub-welcome", Frames.OfHub(new HubMessage.Welcome(s_member)));
        Check("hub-refuse", Frames.OfHub(new HubMessage.Refuse("the swarm is full")));
        Check("hub-joined", Frames.OfHub(new HubMessage.Joined(s_member)));
        Check("hub-gone", Frames.OfHub(new HubMessage.Gone(s_ben, Departure.VanishedIncomplete)));
        Check("hub-describe", Frames.OfHub(new HubMessage.Describe([Described()])));
        Check("hub-share", Frames.OfHub(new HubMessage.Share(s_anna, "anna", 1, Entries())));
        Check("hub-own", Frames.OfHub(new HubMessage.Own(s_anna, [s_content])));
        Check("hub-lost", Frames.OfHub(new HubMessage.Lost(s_content, s_anna)));
        Check("hub-start", Frames.OfHub(new HubMessage.Start()));
        Check("hub-follow", Frames.OfHub(new HubMessage.Follow(
            new DistributionPlan(2, 0, [new PlanShare(s_anna, 1000, 1500), new PlanShare(s_ben, 0, 500)]))));
        Check("hub-follow-walls", Frames.OfHub(new HubMessage.Follow(new DistributionPlan(
            2, 0, [new PlanShare(s_anna, 1000, 0), new PlanShare(s_ben, 0, 0), new PlanShare(s_chris, 0, 1000)],
            [new PlanWall(0, 1)], [new PlanRow(0, [0, 0, 1000])]))));
        Check("hub-advance", Frames.OfHub(new HubMessage.Advance(new SwarmProgress(10, 40, 1, 4, false))));
        Check("hub-finished", Frames.OfHub(new HubMessage.Finished(new ExchangeReport(
            TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(10), BoundSource.Declared, "uplink of anna", 1000,
            [new PeerReport(
                s_anna, "anna", TimeSpan.FromSeconds(12), 1000, s_tally, 1e6, double.PositiveInfinity)]))));
        Check("hub-alive", Frames.OfHub(new HubMessage.Alive()));
        Check("hub-seen", Frames.OfHub(new HubMessage.Seen()));
        Check("hub-call", Frames.OfHub(new HubMessage.Call(s_ben)));
        Check("hub-listed", Frames.OfHub(new HubMessage.Listed()));
        Assert.Equal(
            Frames.OfPeer(new PeerMessage.Hold([Held()])),
            Frames.OfHub(new HubMessage.FromRelay(new PeerMessage.Hold([Held()]))));
    }

    [Fact]
    public void StarFrames()
    {
        var start = new VirtualTime(12_600_000);
        Check("hub-clock", Frames.OfHub(new HubMessage.Clock(4)));
        Check("hub-order", Frames.OfHub(new HubMessage.Order(
            OccupationKind.Upload, s_chunks[1], 3, 1, 3, start, new VirtualTime(20_600_000))));
        Check("hub-clocked", Frames.OfHub(new HubMessage.Clocked(new ClockReading(
            new VirtualTime(5_062_000_000), new VirtualTime(5_061_600_000), new VirtualTime(80_000_000)))));
        Check("member-answer", Frames.OfMember(new MemberMessage.Answer(
            OccupationKind.Deliver, s_chunks[1], start, OrderOutcome.Done)));
    }

    [Fact]
    public void TierFrames()
    {
        var at = new VirtualTime(12_600_000);
        Check("tier-attend", Frames.OfTier(new TierMessage.Attend(
            TierRole.Edge, "edge 1", ListOrder.Kept, 25_000_000, ["10.0.0.7:4000"])));
        Check("tier-want", Frames.OfTier(new TierMessage.Want(
            [EntryName.Parse("a/notes.txt"), EntryName.Parse("run")])));
        Check("tier-ready", Frames.OfTier(new TierMessage.Ready()));
        Check("tier-describe", Frames.OfTier(new TierMessage.Describe([Described()])));
        Check("tier-share", Frames.OfTier(new TierMessage.Share(Entries())));
        Check("tier-unknown", Frames.OfTier(new TierMessage.Unknown([EntryName.Parse("gone.txt")])));
        Check("tier-order", Frames.OfTier(new TierMessage.Order(TransferKind.Delivery, s_content, s_anna, at)));
        Check("tier-settle", Frames.OfTier(new TierMessage.Settle(TransferKind.Fill, s_content, s_anna, at)));
        Check("tier-give-up", Frames.OfTier(new TierMessage.GiveUp(s_content, null)));
        Check("tier-whole", Frames.OfTier(new TierMessage.Whole(TransferKind.Direct, s_content, s_anna)));
        Check("tier-fail", Frames.OfTier(new TierMessage.Fail(
            TransferKind.Delivery, s_content, s_anna, TierFault.Corrupt)));
        Check("tier-meet", Frames.OfTier(new TierMessage.Meet(s_anna, "edge 1", ["10.0.0.7:4000"])));
        Check("tier-match", Frames.OfTier(new TierMessage.Match("*.mp4")));
        Check("tier-refuse", Frames.OfTier(new TierMessage.Refuse("the tier is full")));
        Check("tier-finish", Frames.OfTier(new TierMessage.Finish(at)));
        Check("tier-listed", Frames.OfTier(new TierMessage.Listed()));
        Assert.Equal(
            Frames.OfPeer(new PeerMessage.Have([.. s_chunks])),
            Frames.OfTier(new TierMessage.Said(new PeerMessage.Have([.. s_chunks]))));
    }

    [Fact]
    public void OfferFrames()
    {
        var offer = new OfferId(s_content.Value);
        Check("member-enlist", Frames.OfMember(new MemberMessage.Enlist("anna", 7000)));
        Check("member-offer", Frames.OfMember(new MemberMessage.Offer("film.avi", offer, 5_000_000_000)));
        Check("member-withdraw", Frames.OfMember(new MemberMessage.Withdraw("film.avi")));
        Check("member-seek", Frames.OfMember(new MemberMessage.Seek("anna", "film.avi")));
        Check("hub-wanted", Frames.OfHub(new HubMessage.Wanted(offer)));
        Check("hub-found", Frames.OfHub(new HubMessage.Found(offer, 5_000_000_000, 2)));
    }

    [Fact]
    public void HandshakeBytes()
    {
        var key = new SwarmKey(Fill(0x10, SwarmKey.Size));
        var initiator = new Hello(EndRole.Member, true, Fill(0x20, Hello.NonceSize));
        var responder = new Hello(EndRole.Hub, true, Fill(0x40, Hello.NonceSize));
        var proof = new byte[KeyProof.Size];
        Check("hello-member", initiator.Bytes.ToArray());
        Check("hello-hub", responder.Bytes.ToArray());
        KeyProof.Compute(key, Prover.Initiator, initiator, responder, proof);
        Check("proof-initiator", proof);
        KeyProof.Compute(key, Prover.Responder, initiator, responder, proof);
        Check("proof-responder", proof);
    }

    private static void Check(string name, List<byte[]> frames) => Check(name, Assert.Single(frames));

    private static void Check(string name, byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (byte[] line in bytes.Chunk(16))
        {
            text.AppendJoin(' ', line.Select(b => b.ToString("x2", null))).Append('\n');
        }

        GoldenFile.Check($"{name}.hex", text.ToString());
    }

    private static Holding Held()
    {
        var bits = new Bitfield(10);
        bits.Set(0);
        bits.Set(9);
        return new Holding(s_content, bits);
    }

    private static Manifest Described() => new(
        new ChunkLayout(20_000, ChunkLayout.SmallestSize), [s_content.Value, s_other.Value]);

    private static System.Collections.Immutable.ImmutableArray<SharedEntry> Entries() =>
    [
        new SharedEntry.Folder(EntryName.Parse("empty")),
        new SharedEntry.File(EntryName.Parse("a/notes.txt"), s_content, 1_700_000_000_000, false),
        new SharedEntry.File(EntryName.Parse("run"), s_other, -1, true),
    ];

    private static ChunkRef Chunk(ContentId content, int index) => new(content, new ChunkIndex(index));

    private static byte[] Fill(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => (byte)i)];
}
