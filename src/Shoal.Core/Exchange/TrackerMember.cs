using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What the tracker knows of one member, present or gone.</summary>
internal sealed class TrackerMember(Member member)
{
    /// <summary>An uplink that gives less than this part of what was declared is taken for what it gives.</summary>
    private const double Shortfall = 0.6;

    public Member Member { get; set; } = member;

    public PeerId Id => Member.Id;

    /// <summary>Its connection; null while it is gone.</summary>
    public LinkId? Link { get; set; }

    public bool IsPresent => Link is not null;

    /// <summary>Whether it has said all that it has.</summary>
    public bool IsReady { get; set; }

    /// <summary>How it went, while it is gone.</summary>
    public Departure? Departure { get; set; }

    /// <summary>When it went, if it is gone.</summary>
    public TimeSpan GoneAt { get; set; }

    /// <summary>When it last went without a word, back or not; null: never, or it left since.</summary>
    public TimeSpan? VanishedAt { get; set; }

    /// <summary>What it has now.</summary>
    public ChunkSet Has { get; } = new();

    /// <summary>
    /// Chunks of contents whose file changed or vanished there: it has them no longer, nor wants them.
    /// </summary>
    public int WaivedChunks { get; set; }

    /// <summary>What it said of contents that nobody has named yet.</summary>
    public Dictionary<ContentId, Bitfield> Unnamed { get; } = [];

    /// <summary>Wanted bytes that it has now.</summary>
    public long HeldBytes { get; set; }

    /// <summary>What it had when it became ready for this run: what its part in the lower bound starts from.</summary>
    public ChunkSet Initial { get; } = new();

    /// <summary>From the opening of the barrier to its last chunk; null: not complete.</summary>
    public TimeSpan? Finish { get; set; }

    public PeerTally Tally { get; set; }

    /// <summary>What of <see cref="Tally"/> it had sent when this run began for it, in bytes.</summary>
    public long SentBefore { get; private set; }

    /// <summary>Whether that is from after the moment when everybody had everything.</summary>
    public bool HasCountedLast { get; set; }

    /// <summary>The best of all upload rates that it measured, bytes per second.</summary>
    public double BestUpRate { get; set; }

    /// <summary>The upload rate that the current plan took for it; null: not known then.</summary>
    public double? PlannedUp { get; set; }

    /// <summary>What it said of its connections with others.</summary>
    public Dictionary<PeerId, Reachability> Reach { get; } = [];

    /// <summary>The chunks that it was told it can have through the relay.</summary>
    public ChunkSet Offered { get; } = new();

    /// <summary>Whether these may be others by now.</summary>
    public bool AreOffersStale { get; set; }

    /// <summary>When the hub last said something to it.</summary>
    public TimeSpan LastTold { get; set; }

    /// <summary>
    /// As declared; but as measured lately where nothing was declared, or where it is far less; bytes per second.
    /// </summary>
    public double? UpCapacity => IsUpMeasured ? Tally.UpRate : Member.Capacity.Up;

    /// <summary>Whether <see cref="UpCapacity"/> was measured.</summary>
    public bool IsUpMeasured => Tally.UpRate > 0 && !(Tally.UpRate >= Member.Capacity.Up * Shortfall);

    /// <summary>Whether it has so many chunks, but for those that it does not want.</summary>
    public bool Covers(int chunks) => Has.Count + WaivedChunks >= chunks;

    /// <summary>What it has now is what it starts from.</summary>
    public void RememberInitial()
    {
        SentBefore = Tally.BytesSent;
        Initial.Clear();
        for (int chunk = Has.NextFrom(0); chunk >= 0; chunk = Has.NextFrom(chunk + 1))
        {
            Initial.Add(chunk);
        }
    }
}
