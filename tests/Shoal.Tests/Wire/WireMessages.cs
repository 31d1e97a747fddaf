using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Tests.Wire;

/// <summary>Random messages of every kind, small enough to be fed split at every place.</summary>
internal sealed class WireMessages(ulong randomSeed)
{
    public const int PeerKinds = 6;
    public const int MemberKinds = 18;
    public const int HubKinds = 22;
    public const int TierKinds = 16;

    private static readonly string[] s_names =
        ["a", "b.bin", "名前.txt", "über", "🐟 fish", "a long name with spaces"];

    private readonly DeterministicRandom _random = new(randomSeed);

    public PeerMessage Peer(int kind) => kind switch
    {
        0 => new PeerMessage.Hold(List(Holding)),
        1 => new PeerMessage.Have(Chunks()),
        2 => new PeerMessage.Request(Chunks()),
        3 => new PeerMessage.Cancel(Chunks()),
        4 => new PeerMessage.Decline(Chunks()),
        _ => new PeerMessage.Alive(),
    };

    public MemberMessage Member(int kind) => kind switch
    {
        0 => new MemberMessage.Join(
            Name(), PeerId(), Name(), List(Endpoint), Capacity(), _random.Next(100), _random.Next(100),
            Optional(Time), Optional(Time)) { Relay = (RelayUse)_random.Next(3) },
        1 => new MemberMessage.Describe(List(Manifest)),
        2 => new MemberMessage.Share(PeerId(), Name(), List(Entry)),
        3 => new MemberMessage.Hold(List(Holding)),
        4 => new MemberMessage.Ready(),
        5 => new MemberMessage.Have(Chunks()),
        6 => new MemberMessage.Lose(Content()),
        7 => new MemberMessage.Count(Tally()),
        8 => new MemberMessage.Alive(),
        9 => new MemberMessage.Reach(PeerId(), (Reachability)_random.Next(2)),
        10 => new MemberMessage.ToRelay(Peer(_random.Next(PeerKinds))),
        11 => new MemberMessage.Leave(),
        12 => new MemberMessage.Answer(Kind(), Chunk(), Virtual(), (OrderOutcome)_random.Next(2)),
        13 => new MemberMessage.Enlist(Name(), _random.Next(65536)),
        14 => new MemberMessage.Offer(Name(), Offer(), Big()),
        15 => new MemberMessage.Withdraw(Name()),
        16 => new MemberMessage.Seek(Name(), Name()),
        _ => new MemberMessage.Look(Name()),
    };

    public HubMessage Hub(int kind) => kind switch
    {
        0 => new HubMessage.Welcome(RosterMember()),
        1 => new HubMessage.Refuse(Name()),
        2 => new HubMessage.Joined(RosterMember()),
        3 => new HubMessage.Gone(PeerId(), (Departure)_random.Next(3)),
        4 => new HubMessage.Describe(List(Manifest)),
        5 => new HubMessage.Share(PeerId(), Name(), _random.Next(100), List(Entry)),
        6 => new HubMessage.Own(Optional(PeerId), List(Content)),
        7 => new HubMessage.Lost(Content(), PeerId()),
        8 => new HubMessage.Start(),
        9 => new HubMessage.Follow(_random.Next(2) == 0 ? WalledPlan() : new DistributionPlan(
            _random.Next(100), _random.Next(10), List(() => new PlanShare(PeerId(), Amount(), Amount())))),
        10 => new HubMessage.Advance(new SwarmProgress(
            Big(), Big(), _random.Next(100), _random.Next(100), _random.Next(2) == 1)),
        11 => new HubMessage.Finished(new ExchangeReport(
            Time(), Time(), (BoundSource)_random.Next(3), Name(), Big(), List(Line))),
        12 => new HubMessage.Call(PeerId()),
        13 => new HubMessage.FromRelay(Peer(_random.Next(PeerKinds))),
        14 => new HubMessage.Alive(),
        15 => new HubMessage.Clock(_random.Next(100)),
        16 => new HubMessage.Order(
            Kind(), Chunk(), _random.Next(100), _random.Next(100), _random.Next(100), Virtual(), Virtual()),
        17 => new HubMessage.Clocked(new ClockReading(Virtual(), Virtual(), Virtual())),
        18 => new HubMessage.Wanted(Offer()),
        19 => new HubMessage.Found(Offer(), Big(), _random.Next(100)),
        20 => new HubMessage.Listed(),
        _ => new HubMessage.Seen(),
    };

    public TierMessage Tier(int kind) => kind switch
    {
        0 => new TierMessage.Attend(
            (TierRole)_random.Next(3), Name(), (ListOrder)_random.Next(2), Big(), List(Endpoint)),
        1 => new TierMessage.Want(List(EntryName)),
        2 => new TierMessage.Ready(),
        3 => new TierMessage.Describe(List(Manifest)),
        4 => new TierMessage.Share(List(Entry)),
        5 => new TierMessage.Unknown(List(EntryName)),
        6 => new TierMessage.Order(Transfer(), Content(), PeerId(), Optional(Virtual)),
        7 => new TierMessage.Settle(Transfer(), Content(), PeerId(), Virtual()),
        8 => new TierMessage.GiveUp(Content(), Optional(Virtual)),
        9 => new TierMessage.Whole(Transfer(), Content(), PeerId()),
        10 => new TierMessage.Fail(Transfer(), Content(), PeerId(), (TierFault)_random.Next(3)),
        11 => new TierMessage.Meet(PeerId(), Name(), List(Endpoint)),
        12 => new TierMessage.Match(Name()),
        13 => new TierMessage.Refuse(Name()),
        14 => new TierMessage.Finish(Optional(Virtual)),
        _ => new TierMessage.Said(Peer(_random.Next(PeerKinds))),
    };

    private OfferId Offer() => new(Content().Value);

    public Manifest Manifest()
    {
        int chunks = _random.Next(4);
        int last = 1 + _random.Next(ChunkLayout.SmallestSize);
        long length = chunks == 0 ? 0 : ((chunks - 1) * (long)ChunkLayout.SmallestSize) + last;
        return new Manifest(
            new ChunkLayout(length, ChunkLayout.SmallestSize),
            [.. Enumerable.Range(0, chunks).Select(_ => Digest())]);
    }

    public ImmutableArray<Digest> Digests(int count)
    {
        var digests = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            digests[i] = Digest();
        }

        return [.. digests];
    }

    public ContentId Content() => new(Digest());

    public PeerId PeerId() => new(_random.Next(), _random.Next());

    public Holding Holding()
    {
        int count = _random.Next(40);
        var bits = new Bitfield(count);
        for (int i = 0; i < count; i += 1 + _random.Next(3))
        {
            bits.Set(i);
        }

        return new Holding(Content(), bits);
    }

    private ImmutableArray<ChunkRef> Chunks()
    {
        var chunks = ImmutableArray.CreateBuilder<ChunkRef>();
        for (int runs = _random.Next(4); runs > 0; runs--)
        {
            ContentId content = Content();
            for (int left = 1 + _random.Next(3); left > 0; left--)
            {
                chunks.Add(new ChunkRef(content, new ChunkIndex(_random.Next(ChunkLayout.MostChunks))));
            }
        }

        return chunks.ToImmutable();
    }

    private EntryName EntryName() => Core.Content.EntryName.Parse(Name());

    private TransferKind Transfer() => (TransferKind)_random.Next(3);

    private OccupationKind Kind() => (OccupationKind)_random.Next(5);

    private ChunkRef Chunk() => new(Content(), new ChunkIndex(_random.Next(ChunkLayout.MostChunks)));

    private VirtualTime Virtual() => new(Big());

    private SharedEntry Entry() => _random.Next(3) == 0
        ? new SharedEntry.Folder(Core.Content.EntryName.Parse($"folder/{Name()}"))
        : new SharedEntry.File(
            EntryName(), Content(), _random.Next(int.MaxValue) - 1000, _random.Next(2) == 1);

    private Member RosterMember() => new(PeerId(), Name(), 1 + _random.Next(9), List(Endpoint), Capacity())
    {
        Relay = (RelayUse)_random.Next(3),
    };

    private PeerReport Line() =>
        new(PeerId(), Name(), Optional(Time), Big(), Tally(), Amount(), double.PositiveInfinity);

    private PeerTally Tally() => new(Big(), Big(), Big(), Big(), Amount(), Amount(), Big(), Big());

    private DeclaredCapacity Capacity() => new(Optional(() => 1 + Amount()), Optional(() => 1 + Amount()));

    private Digest Digest()
    {
        Span<byte> bytes = stackalloc byte[Core.Content.Digest.Size];
        for (int i = 0; i < bytes.Length; i += 8)
        {
            BitConverter.TryWriteBytes(bytes[i..], _random.Next());
        }

        return new Digest(bytes);
    }

    private string Endpoint() => $"10.0.0.{_random.Next(256)}:{_random.Next(65536)}";

    private DistributionPlan WalledPlan() => new(
        _random.Next(100), 0, [.. Enumerable.Range(0, 4).Select(_ => new PlanShare(PeerId(), Amount(), Amount()))],
        List(() => new PlanWall(_random.Next(2), 2 + _random.Next(2))),
        _random.Next(2) == 0 ? [] : [new PlanRow(_random.Next(4), [0, Amount(), Amount(), 1])]);

    private string Name() => s_names[_random.Next(s_names.Length)];

    private double Amount() => _random.NextDouble() * 1e12;

    private long Big() => (long)(_random.Next() >> 1);

    private TimeSpan Time() => new(Big());

    private ImmutableArray<T> List<T>(Func<T> item)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        for (int left = _random.Next(4); left > 0; left--)
        {
            items.Add(item());
        }

        return items.ToImmutable();
    }

    private T? Optional<T>(Func<T> item)
        where T : struct => _random.Next(2) == 0 ? null : item();
}
