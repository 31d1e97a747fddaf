using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// What a peer's machine is made of, and what follows in all its parts when a neighbour or a content is lost, when
/// there may be more to ask for, and when the run may have ended.
/// </summary>
internal sealed class PeerParts
{
    public PeerParts(SwarmPeerOptions options)
    {
        Options = options;
        var connected = new Dictionary<PeerId, Neighbour>();
        var random = new DeterministicRandom(options.RandomSeed ^ options.Peer.Low);
        Roster = new PeerRoster(options.Peer);
        Chunks = new PeerChunks(Catalog);
        Picker = new ChunkPicker(options.Peer, options.Policy, Chunks, connected, random);
        IdleSources = new IdleSources(options.Policy, Chunks, Picker, connected);
        Requests = new PeerRequests(Chunks, Picker);
        Uploads = new PeerUploads(options.Peer, Chunks, Picker, connected);
        Counts = new PeerCounts(Uploads);
        Neighbours = new PeerNeighbours(Chunks, Leftovers, Picker, Requests, Uploads, Roster, connected);
        Reach = new PeerReach(options, Roster, Hub, Picker);
        Picker.Reach = Reach;
        Meetings = new PeerMeetings(options, Roster, Neighbours, Reach);
        Announcements = new PeerAnnouncements(options, Chunks, Picker, connected, Hub);
        Orders = new PeerOrders(Hub);
        Ending = new PeerEnding(options, Chunks, Shares, Roster, Orders);
    }

    public SwarmPeerOptions Options { get; }

    public SwarmCatalog Catalog { get; } = new();

    public HubLine Hub { get; } = new();

    public PeerShares Shares { get; } = new();

    public PeerLeftovers Leftovers { get; } = new();

    public PeerRoster Roster { get; }

    public PeerChunks Chunks { get; }

    public ChunkPicker Picker { get; }

    public IdleSources IdleSources { get; }

    public PeerRequests Requests { get; }

    public PeerUploads Uploads { get; }

    public PeerCounts Counts { get; }

    public PeerNeighbours Neighbours { get; }

    public PeerReach Reach { get; }

    public PeerMeetings Meetings { get; }

    public PeerAnnouncements Announcements { get; }

    public PeerEnding Ending { get; }

    public PeerOrders Orders { get; }

    /// <summary>When the start barrier opened.</summary>
    public TimeSpan? StartedAt { get; set; }

    /// <summary>When everything was here.</summary>
    public TimeSpan? FinishedAt { get; set; }

    /// <summary>What the hub last said of the whole swarm.</summary>
    public SwarmProgress SwarmProgress { get; set; }

    public bool IsStarted => StartedAt is not null;

    public bool HasEnded { get; private set; }

    /// <summary>Nobody can bring a content any more; or it was here, and its file changed or vanished.</summary>
    public void Withdraw(TimeSpan now, ContentId id, PeerId by, IList<SwarmPeerEffect> effects)
    {
        if (Catalog.Find(id) is not { IsWithdrawn: false } content)
        {
            return;
        }

        Ending.Withdrawn(content, by);
        Shares.Withdraw(id);
        Neighbours.Withdraw(now, content, by == Options.Peer, effects);
        Chunks.Withdraw(content);
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.ContentWithdrawn(id, by)));
        if (by == Options.Peer)
        {
            Hub.Say(now, new MemberMessage.Lose(id), effects);
        }

        MarkFinish(now);
    }

    /// <summary>A connection is down: what was asked there is asked elsewhere.</summary>
    public void Lost(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        if (Neighbours.Lost(now, peer))
        {
            if (Meetings.Wants(peer))
            {
                Reach.Unreachable(now, peer, effects);
            }

            FillAll(now, effects);
        }
    }

    /// <summary>The last chunk of a content is here.</summary>
    public static void Complete(CatalogContent content, IList<SwarmPeerEffect> effects)
    {
        effects.Add(new SwarmPeerEffect.ContentComplete(content.Id));
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.ContentCompleted(content.Id)));
    }

    /// <summary>Notes the moment at which everything was here.</summary>
    public void MarkFinish(TimeSpan now)
    {
        if (IsStarted && Chunks.IsComplete)
        {
            FinishedAt ??= now;
        }
    }

    /// <summary>Asks a neighbour for as much as may be under way from it.</summary>
    public void Fill(TimeSpan now, Neighbour neighbour, IList<SwarmPeerEffect> effects)
    {
        if (IsStarted && Chunks.UnaskedCount > 0 && !neighbour.IsBanned)
        {
            Requests.Fill(now, neighbour, effects);
        }
    }

    /// <summary>The same with all of them.</summary>
    public void FillAll(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in Neighbours.All)
        {
            Fill(now, neighbour, effects);
        }
    }

    /// <summary>Leaves if its part has ended.</summary>
    public void TryEnd(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (Ending.Waiting(now) is { } patience)
        {
            effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Waiting(patience)));
        }

        if (IsStarted && Ending.Outcome(now, Requests.FlightCount, Neighbours.All) is { } outcome)
        {
            End(now, outcome, effects);
        }
    }

    /// <summary>Leaves; whatever happens from now on changes nothing.</summary>
    public void End(TimeSpan now, SwarmOutcome outcome, IList<SwarmPeerEffect> effects)
    {
        HasEnded = true;
        Hub.Say(now, new MemberMessage.Leave(), effects);
        effects.Add(new SwarmPeerEffect.End(outcome));
    }
}
