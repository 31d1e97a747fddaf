using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What a peer knows of another one that it is connected with, in both directions.</summary>
internal sealed class Neighbour(PeerId id, TimeSpan now)
{
    public PeerId Id { get; } = id;

    /// <summary>The chunks that it said it has.</summary>
    public ChunkSet Has { get; } = new();

    /// <summary>What it said of contents that the hub has not described yet.</summary>
    public Dictionary<ContentId, Bitfield> Early { get; } = [];

    /// <summary>Chunks that it announced of contents that the hub has not described yet.</summary>
    public List<ChunkRef> EarlyHaves { get; } = [];

    /// <summary>Chunks asked of it that have not come yet.</summary>
    public Dictionary<int, Flight> Flights { get; } = [];

    /// <summary>Bytes of <see cref="Flights"/>.</summary>
    public long FlightBytes { get; set; }

    /// <summary>Whether it is the hub's relay, behind which are all whom this peer cannot reach.</summary>
    public bool IsRelay => Id == PeerId.Relay;

    /// <summary>What to ask of the relay, in place of <see cref="Picks"/>; null: this is a peer.</summary>
    public RelayLanes? Lanes { get; init; }

    /// <summary>How many chunks are queued to be asked of it.</summary>
    public int Queued => FirstPicks.Count + Picks.Count + (Lanes?.Waiting ?? 0);

    /// <summary>Chunks to ask of it before others: those that this peer hands on.</summary>
    public Queue<int> FirstPicks { get; } = new();

    /// <summary>Chunks to ask of it next. Entries may be stale and are checked when they are taken.</summary>
    public Queue<int> Picks { get; } = new();

    /// <summary>How fast it sends to this peer.</summary>
    public SourceRate Rate { get; } = new();

    /// <summary>When it last said or sent anything.</summary>
    public TimeSpan LastHeard { get; set; } = now;

    /// <summary>When this peer last said anything to it.</summary>
    public TimeSpan LastTold { get; set; } = now;

    /// <summary>When a chunk last came from it, or one was asked while none was in flight.</summary>
    public TimeSpan LastArrival { get; set; } = now;

    /// <summary>Whether requests to it were late; until a chunk comes it is asked for one at a time.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether it sent too many chunks with a wrong hash: it is served, but never asked again.</summary>
    public bool IsBanned => CorruptChunks >= SwarmPeer.MostCorruptChunks;

    /// <summary>Whether what the plan wants from it had better come from elsewhere.</summary>
    public bool IsDoubtful => IsLate || IsBanned;

    /// <summary>Chunks with a wrong hash that came from it.</summary>
    public int CorruptChunks { get; set; }

    /// <summary>Chunks that it asked for and that have not been handed to the shell yet, in its order.</summary>
    public Queue<int> Wanted { get; } = new();

    /// <summary>The same as a set; a chunk that was cancelled is in the queue and no longer in the set.</summary>
    public HashSet<int> WantedSet { get; } = [];

    /// <summary>
    /// What it asked for and somebody else has got already who hands it on, in the order of asking, and since when that
    /// is known.
    /// </summary>
    public Queue<(int Chunk, TimeSpan Since)> Spared { get; } = new();

    /// <summary>Uploads to it that the shell has and has not ended.</summary>
    public int Uploads { get; set; }

    /// <summary>Bytes of <see cref="Uploads"/>.</summary>
    public long UploadBytes { get; set; }

    /// <summary>Tells it something.</summary>
    public void Say(TimeSpan now, PeerMessage message, IList<SwarmPeerEffect> effects)
    {
        LastTold = now;
        Tell(message, effects);
    }

    /// <summary>Tells it something; the relay's messages go the hub's way.</summary>
    public void Tell(PeerMessage message, IList<SwarmPeerEffect> effects) => effects.Add(IsRelay
        ? new SwarmPeerEffect.ToHub(new MemberMessage.ToRelay(message))
        : new SwarmPeerEffect.ToPeer(Id, message));

    /// <summary>Queues a chunk to be asked of it.</summary>
    public void Queue(int chunk, bool isFirst)
    {
        if (Lanes is not null)
        {
            Lanes.Add(chunk);
        }
        else
        {
            (isFirst ? FirstPicks : Picks).Enqueue(chunk);
        }
    }

    /// <summary>Whether nothing came from it for so long that it seems to hang.</summary>
    public bool IsSilent(TimeSpan now) => now - LastHeard > SwarmPeer.SilenceLimit;
}

/// <summary>A request that is under way.</summary>
/// <param name="AskedAt">When it was made.</param>
/// <param name="DueAt">Three times the expected time later.</param>
internal readonly record struct Flight(TimeSpan AskedAt, TimeSpan DueAt);

/// <summary>A rate of arrival over about the last second of busy time.</summary>
internal sealed class SourceRate
{
    private const double MemorySeconds = 1;

    private double _bytes;
    private double _seconds;

    /// <summary>Bytes per second; 0: not known yet.</summary>
    public double Value => _seconds > 0 ? _bytes / _seconds : 0;

    /// <summary>Takes in bytes that took so long to come.</summary>
    public void Add(long bytes, TimeSpan busy)
    {
        double seconds = Math.Max(busy.TotalSeconds, 0);
        double keep = Math.Exp(-seconds / MemorySeconds);
        _bytes = (_bytes * keep) + bytes;
        _seconds = (_seconds * keep) + seconds;
    }
}
