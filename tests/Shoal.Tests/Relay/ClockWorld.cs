using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Tests.Relay;

/// <summary>
/// A hub that keeps the system clock, and the machines of its peers, without sockets: what is said on a connection
/// comes in order, but whose turn it is next, and whether a chunk or a message goes first, is drawn by lot.
/// </summary>
internal sealed class ClockWorld
{
    private const int ChunkSize = ChunkLayout.SmallestSize;

    private readonly DeterministicRandom _random;
    private readonly StarHub _hub;
    private readonly Dictionary<LinkId, Peer> _links = [];
    private readonly Dictionary<ChunkRef, int> _kept = [];
    private readonly List<SwarmTrackerEffect> _effects = [];
    private long _lastLink;
    private TimeSpan _now;

    public ClockWorld(DeterministicRandom random, CostModel costs, StarMode mode, int[] chunks)
    {
        _random = random;
        _hub = new StarHub(
            new StarHubOptions { Costs = costs, Mode = mode, AnswerLimit = TimeSpan.FromMinutes(5) },
            new SwarmTrackerOptions { Swarm = "films", Lease = TimeSpan.FromHours(1) });
        Peers = [.. chunks.Select((count, i) => new Peer(i, count, chunks.Length, ManifestOf(i, count)))];
    }

    public string Name { get; init; } = "";

    public ImmutableArray<Peer> Peers { get; }

    /// <summary>What the clock showed when it last stood still for good.</summary>
    public ClockReading? Reading { get; private set; }

    public bool IsOver => Peers.All(peer => peer.HasEnded);

    /// <summary>Sends wrong bytes for a chunk so often as this says.</summary>
    public double WrongChunks { get; set; }

    public void Connect(Peer peer)
    {
        peer.Link = new LinkId(++_lastLink);
        _links.Add(peer.Link.Value, peer);
        Tell(peer, new SwarmPeerEvent.HubConnected());
    }

    public void Cut(Peer peer)
    {
        LinkId link = peer.Link!.Value;
        peer.Link = null;
        peer.ToHub.Clear();
        peer.Messages.Clear();
        peer.Chunks.Clear();
        peer.Uploaded.Clear();
        _links.Remove(link);
        Tell(peer, new SwarmPeerEvent.HubLost());
        Tell(new SwarmTrackerEvent.LinkLost(link));
    }

    /// <summary>Lets one thing happen; false: nothing was left to happen.</summary>
    public bool TryStep()
    {
        Peer[] busy = [.. Peers.Where(peer => peer.IsBusy)];
        if (busy.Length == 0)
        {
            return false;
        }

        Peer peer = busy[_random.Next(busy.Length)];
        int turn = _random.Next(4);
        if (turn == 0 && peer.ToHub.TryDequeue(out SwarmTrackerEvent? said))
        {
            if (said is SwarmTrackerEvent.ChunkCame came)
            {
                _kept[came.Chunk] = _kept.GetValueOrDefault(came.Chunk) + 1;
            }

            Tell(said);
        }
        else if (turn == 1 && peer.Messages.TryDequeue(out HubMessage? message))
        {
            Tell(peer, new SwarmPeerEvent.FromHub(message));
        }
        else if (turn == 2 && peer.Chunks.TryDequeue(out ChunkRef chunk))
        {
            Tell(peer, new SwarmPeerEvent.ChunkStored(PeerId.Relay, chunk));
        }
        else if (turn == 3 && peer.Uploaded.TryDequeue(out ChunkRef uploaded))
        {
            Tell(peer, new SwarmPeerEvent.UploadEnded(PeerId.Relay, uploaded));
        }

        return true;
    }

    /// <summary>Time passes on the wall, for everybody.</summary>
    public void Tick()
    {
        _now += TimeSpan.FromMilliseconds(250);
        Tell(new SwarmTrackerEvent.Tick());
        foreach (Peer peer in Peers)
        {
            Tell(peer, new SwarmPeerEvent.Tick());
        }
    }

    /// <summary>Runs until everybody has ended.</summary>
    public void RunToTheEnd()
    {
        for (int ticks = 0; !IsOver; ticks++)
        {
            Assert.True(ticks < 2000, $"{Name}: the swarm is stuck");
            while (TryStep())
            {
            }

            Tick();
        }

        Assert.True(_kept.Count == 0, $"{Name}: {_kept.Count} chunks are kept at the end");
    }

    private void Tell(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _hub.Apply(_now, @event, _effects);
        foreach (SwarmTrackerEffect effect in _effects.ToArray())
        {
            Carry(effect);
        }
    }

    private void Carry(SwarmTrackerEffect effect)
    {
        switch (effect)
        {
            case SwarmTrackerEffect.ToMember to when _links.TryGetValue(to.Link, out Peer? peer):
                peer.Messages.Enqueue(to.Message);
                break;
            case SwarmTrackerEffect.SendChunk send when _links.TryGetValue(send.Link, out Peer? peer):
                Assert.True(_kept.GetValueOrDefault(send.Chunk) > 0, $"{Name}: a chunk is delivered that is not here");
                peer.Chunks.Enqueue(send.Chunk);
                break;
            case SwarmTrackerEffect.Release release:
                Assert.True(
                    _kept.GetValueOrDefault(release.Chunk) > 0, $"{Name}: a chunk is released that is not here");
                if (--_kept[release.Chunk] == 0)
                {
                    _kept.Remove(release.Chunk);
                }

                break;
            case SwarmTrackerEffect.Disconnect { IsFault: true } gone
                when _links.TryGetValue(gone.Link, out Peer? peer):
                peer.WasExpelled = true;
                Cut(peer);
                break;
            case SwarmTrackerEffect.Tell { Note: SwarmNote.Clocked clocked }:
                Reading = clocked.Reading;
                break;
            default:
                break;
        }
    }

    private void Tell(Peer peer, SwarmPeerEvent @event)
    {
        var effects = new List<SwarmPeerEffect>();
        peer.Machine.Apply(_now, @event, effects);
        foreach (SwarmPeerEffect effect in effects)
        {
            switch (effect)
            {
                case SwarmPeerEffect.ToHub to when peer.Link is { } link:
                    peer.ToHub.Enqueue(new SwarmTrackerEvent.FromMember(link, to.Message));
                    break;
                case SwarmPeerEffect.Upload upload when peer.Link is { } link:
                    Upload(peer, link, upload.Chunk);
                    break;
                case SwarmPeerEffect.Tell { Note: SwarmNote.Carried carried }:
                    peer.Carried.Add(carried);
                    break;
                case SwarmPeerEffect.End end:
                    peer.Outcome = end.Outcome;
                    break;
                default:
                    break;
            }
        }
    }

    private void Upload(Peer peer, LinkId link, ChunkRef chunk)
    {
        bool isWrong = _random.NextDouble() < WrongChunks;
        peer.ToHub.Enqueue(isWrong
            ? new SwarmTrackerEvent.ChunkCorrupt(link, chunk) : new SwarmTrackerEvent.ChunkCame(link, chunk));
        peer.Uploaded.Enqueue(chunk);
    }

    private static Manifest ManifestOf(int peer, int chunks) => new(
        new ChunkLayout((long)chunks * ChunkSize, ChunkSize),
        [.. Enumerable.Range(0, chunks).Select(chunk => DigestOf(peer, chunk))]);

    private static Digest DigestOf(int peer, int chunk)
    {
        Span<byte> bytes = stackalloc byte[Digest.Size];
        BitConverter.TryWriteBytes(bytes, ((long)peer << 32) + chunk + 1);
        return new Digest(bytes);
    }

    /// <summary>A peer's machine, and what is on its way to it and from it.</summary>
    internal sealed class Peer
    {
        public Peer(int index, int chunks, int members, Manifest own)
        {
            var id = new PeerId(0, (ulong)index + 1);
            Own = own;
            Machine = new SwarmPeer(new SwarmPeerOptions
            {
                Swarm = "films",
                Peer = id,
                Name = $"peer{index + 1}",
                Relay = RelayUse.Always,
                Expect = members,
                // Longer than any cut here lasts: who is away for longer than that is not waited for.
                Patience = TimeSpan.FromMinutes(1),
            });
            var effects = new List<SwarmPeerEffect>();
            MemberMessage.Share share = new(
                id, $"peer{index + 1}", [new SharedEntry.File(EntryName.Parse($"file{index + 1}"), own.Id, 0, false)]);
            Machine.Apply(TimeSpan.Zero, chunks == 0
                ? new SwarmPeerEvent.FolderRead([], [], [])
                : new SwarmPeerEvent.FolderRead([own], [share], [new Holding(own.Id, Bitfield.Full(chunks))]), effects);
        }

        public SwarmPeer Machine { get; }

        public Manifest Own { get; }

        public LinkId? Link { get; set; }

        public Queue<SwarmTrackerEvent> ToHub { get; } = new();

        public Queue<HubMessage> Messages { get; } = new();

        public Queue<ChunkRef> Chunks { get; } = new();

        /// <summary>Chunks that the link has taken; the peer may hear of it after the hub has answered.</summary>
        public Queue<ChunkRef> Uploaded { get; } = new();

        /// <summary>What the peer says that its link carried.</summary>
        public List<SwarmNote.Carried> Carried { get; } = [];

        public bool IsBusy => Messages.Count + Chunks.Count + ToHub.Count + Uploaded.Count > 0;

        public SwarmOutcome? Outcome { get; set; }

        public bool WasExpelled { get; set; }

        public bool HasEnded => Outcome is not null;
    }
}
