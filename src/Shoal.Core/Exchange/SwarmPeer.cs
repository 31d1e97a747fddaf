using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>
/// The peer's side of a swarm, as a machine: what to request from whom, what to announce, when to take a late request
/// elsewhere, whom to blame, and when to leave. It outlives the connections with hub and peers: whatever it is told
/// again it takes as the truth, and whenever one comes up it says all that it knows.
/// </summary>
public sealed class SwarmPeer
{
    /// <summary>
    /// A neighbour that sent so many chunks with a wrong hash is disconnected, and never asked for a chunk
    /// again. It may come back to be served: its own copy it can check as well as anybody, and until it has
    /// one the run does not end.
    /// </summary>
    public const int MostCorruptChunks = 3;

    /// <summary>A neighbour that says nothing for so long seems to hang; its chunks are taken elsewhere.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    /// <summary>So many announcements of contents that the hub has not described yet are kept a neighbour.</summary>
    public const int MostEarlyHaves = 1 << 16;

    private readonly SwarmCatalog _catalog = new();
    private readonly HubLine _hub = new();
    private readonly PeerShares _shares = new();
    private readonly PeerLeftovers _leftovers = new();
    private readonly PeerRoster _roster;
    private readonly PeerChunks _chunks;
    private readonly ChunkPicker _picker;
    private readonly PeerRequests _requests;
    private readonly PeerUploads _uploads;
    private readonly PeerCounts _counts;
    private readonly PeerNeighbours _neighbours;
    private readonly PeerReach _reach;
    private readonly PeerMeetings _meetings;
    private readonly PeerAnnouncements _announcements;
    private readonly PeerEnding _ending;
    private readonly PeerOrders _orders;

    private bool _hasEnded;
    private TimeSpan? _startedAt;
    private TimeSpan? _finishedAt;

    /// <summary>A peer that knows nothing yet.</summary>
    public SwarmPeer(SwarmPeerOptions options)
    {
        Options = options;
        var connected = new Dictionary<PeerId, Neighbour>();
        var random = new DeterministicRandom(options.RandomSeed ^ (ulong)options.Peer.Value);
        _roster = new PeerRoster(options.Peer);
        _chunks = new PeerChunks(_catalog);
        _picker = new ChunkPicker(options.Peer, options.Policy, _chunks, connected, random);
        _requests = new PeerRequests(_chunks, _picker);
        _uploads = new PeerUploads(_chunks, connected);
        _counts = new PeerCounts(_uploads);
        _neighbours = new PeerNeighbours(
            _chunks, _leftovers, _picker, _requests, _uploads, _roster, connected);
        _reach = new PeerReach(options, _roster, _hub, _picker);
        _picker.Reach = _reach;
        _meetings = new PeerMeetings(options, _roster, _neighbours, _reach);
        _announcements = new PeerAnnouncements(options, _chunks, _picker, connected, _hub);
        _orders = new PeerOrders(_hub);
        _ending = new PeerEnding(options, _chunks, _shares, _roster, _orders);
    }

    /// <summary>What it was told before its first event.</summary>
    public SwarmPeerOptions Options { get; }

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _startedAt is not null;

    /// <summary>Whether every content that it knows of is here.</summary>
    public bool IsComplete => _chunks.IsComplete;

    /// <summary>Wanted bytes that are here.</summary>
    public long HeldBytes => _chunks.HeldBytes;

    /// <summary>Bytes of all contents that it knows of.</summary>
    public long TotalBytes => _catalog.WantedBytes;

    /// <summary>What it has counted so far.</summary>
    public PeerTally Tally => _counts.Tally;

    /// <summary>What the hub last said of the whole swarm.</summary>
    public SwarmProgress SwarmProgress { get; private set; }

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmPeerEvent @event, IList<SwarmPeerEffect> effects)
    {
        if (_hasEnded)
        {
            return;
        }

        switch (@event)
        {
            case SwarmPeerEvent.FromPeer said:
                OnPeer(now, said.Peer, said.Message, effects);
                break;
            case SwarmPeerEvent.ChunkStored stored:
                OnChunkStored(now, stored, effects);
                break;
            case SwarmPeerEvent.UploadEnded ended:
                OnUploadEnded(now, ended, effects);
                break;
            case SwarmPeerEvent.ChunkCorrupt corrupt:
                OnChunkCorrupt(now, corrupt, effects);
                break;
            case SwarmPeerEvent.FromHub said:
                OnHub(now, said.Message, effects);
                break;
            case SwarmPeerEvent.FolderRead read:
                OnFolderRead(read, effects);
                break;
            case SwarmPeerEvent.HubConnected:
                OnHubConnected(now, effects);
                break;
            case SwarmPeerEvent.HubLost:
                _hub.IsUp = false;
                _ending.HubLost(now);
                OnPeerLost(now, PeerId.Relay, effects);
                break;
            case SwarmPeerEvent.PeerConnected connected:
                _neighbours.Connected(now, connected.Peer, effects);
                _reach.Connected(now, connected.Peer, effects);
                break;
            case SwarmPeerEvent.DialFailed failed when _neighbours.Find(failed.Peer) is null:
                _reach.Unreachable(now, failed.Peer, effects);
                break;
            case SwarmPeerEvent.PeerLost lost:
                OnPeerLost(now, lost.Peer, effects);
                break;
            case SwarmPeerEvent.ContentLost lost:
                OnLost(now, lost.Content, Options.Peer, effects);
                break;
            case SwarmPeerEvent.Tick:
                OnTick(now, effects);
                break;
            case SwarmPeerEvent.Stop:
                End(now, _ending.Stop(), effects);
                break;
            default:
                break;
        }
    }

    private void OnFolderRead(SwarmPeerEvent.FolderRead read, IList<SwarmPeerEffect> effects)
    {
        foreach (MemberMessage.Share share in read.Shares)
        {
            _shares.Add(share);
        }

        HashSet<ContentId> named = _shares.NamedContents();
        Dictionary<ContentId, Holding> held = read.Holdings.ToDictionary(holding => holding.Content);
        foreach (Manifest manifest in read.Manifests)
        {
            Holding holding = held.GetValueOrDefault(manifest.Id) ?? new(manifest.Id, new(manifest.ChunkCount));
            if (named.Contains(manifest.Id))
            {
                _chunks.Describe(manifest);
                _chunks.AddMine(holding);
            }
            else
            {
                _leftovers.Add(manifest, holding);
            }
        }

        foreach (CatalogContent content in _catalog.Contents)
        {
            if (!content.IsHeld)
            {
                effects.Add(new SwarmPeerEffect.Prepare(content.Manifest));
            }
        }
    }

    private void OnHubConnected(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        _hub.IsUp = true;
        _ending.HubBack();
        _hub.Say(now, new MemberMessage.Join(
            Options.Swarm, Options.Peer, Options.Name, Options.Endpoints, Options.Capacity, ExpectedMembers(),
            _roster.JoinOrder, now - _startedAt, _finishedAt - _startedAt) { Relay = Options.Relay }, effects);
        _hub.Say(now, new MemberMessage.Describe(
        [
            .. _catalog.Contents.Where(content => !content.IsWithdrawn).Select(content => content.Manifest),
            .. _leftovers.Manifests,
        ]), effects);
        foreach (MemberMessage.Share share in _shares.All)
        {
            _hub.Say(now, share, effects);
        }

        _hub.Say(now, new MemberMessage.Hold([.. _chunks.AllHoldings(), .. _leftovers.Holdings]), effects);
        _hub.Say(now, new MemberMessage.Ready(), effects);
        _announcements.ForgetHub();
        _orders.Forget();
        _reach.TellAll(now, effects);
        if (Options.Relay != RelayUse.Never)
        {
            _neighbours.Connected(now, PeerId.Relay, effects);
        }
    }

    /// <summary>Once the run is on, a hub that knows nothing of it learns how many will come back to it.</summary>
    private int ExpectedMembers() => IsStarted ? Math.Max(Options.Expect, _roster.Count) : Options.Expect;

    private void OnHub(TimeSpan now, HubMessage message, IList<SwarmPeerEffect> effects)
    {
        _neighbours.HeardRelay(now);
        switch (message)
        {
            case HubMessage.Welcome welcome:
                _roster.JoinOrder = welcome.You.JoinOrder;
                break;
            case HubMessage.Refuse refuse:
                End(now, new SwarmOutcome.Refused(refuse.Reason), effects);
                break;
            case HubMessage.Joined joined:
                _ending.Joined();
                _meetings.Joined(now, joined.Member, effects);
                break;
            case HubMessage.Gone gone:
                _meetings.Gone(now, gone, effects);
                break;
            case HubMessage.Call call:
                _meetings.Called(now, call.Peer, effects);
                break;
            case HubMessage.FromRelay said:
                OnPeer(now, PeerId.Relay, said.Message, effects);
                break;
            case HubMessage.Clock:
                _orders.Begin(effects);
                break;
            case HubMessage.Order order when _orders.IsOrdered:
                OnOrder(now, order, effects);
                break;
            case HubMessage.Clocked clocked:
                effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Clocked(clocked.Reading)));
                break;
            case HubMessage.Describe describe:
                OnDescribe(now, describe, effects);
                break;
            case HubMessage.Share share:
                _shares.Add(new MemberMessage.Share(share.Origin, share.OriginName, share.Entries));
                effects.Add(new SwarmPeerEffect.Place(share));
                break;
            case HubMessage.Own own:
                OnOwn(now, own, effects);
                break;
            case HubMessage.Lost lost:
                OnLost(now, lost.Content, lost.By, effects);
                break;
            case HubMessage.Start when _startedAt is null:
                OnStart(now, effects);
                break;
            case HubMessage.Follow follow:
                OnPlan(now, follow.Plan, effects);
                break;
            case HubMessage.Advance advance:
                SwarmProgress = advance.Progress;
                _ending.Advanced(now, advance.Progress);
                break;
            case HubMessage.Finished finished:
                _ending.Finished(finished.Report);
                TryEnd(now, effects);
                break;
            default:
                break;
        }
    }

    private void OnDescribe(TimeSpan now, HubMessage.Describe describe, IList<SwarmPeerEffect> effects)
    {
        var news = new List<CatalogContent>();
        foreach (Manifest manifest in describe.Manifests)
        {
            if (_chunks.Describe(manifest) is { } content)
            {
                news.Add(content);
                effects.Add(new SwarmPeerEffect.Prepare(manifest));
                if (_leftovers.Take(manifest.Id) is { } holding)
                {
                    _chunks.AddMine(holding);
                }

                if (content.IsHeld)
                {
                    Complete(content, effects);
                }
            }
        }

        _finishedAt = _chunks.IsComplete ? _finishedAt : null;
        _neighbours.Described(now, news, effects);
        FillAll(now, effects);
    }

    private void OnOrder(TimeSpan now, HubMessage.Order order, IList<SwarmPeerEffect> effects)
    {
        _orders.Take(now, order, effects);
        if (order.Kind != OccupationKind.Upload)
        {
            return;
        }

        int chunk = _catalog.NumberOf(order.Chunk);
        if (chunk >= 0 && _chunks.Mine.Contains(chunk) && _neighbours.Find(PeerId.Relay) is { } relay)
        {
            _uploads.Request(now, relay, [order.Chunk], effects);
        }
        else
        {
            _orders.Crossed(now, OccupationKind.Upload, order.Chunk, OrderOutcome.Failed, effects);
        }
    }

    private void OnOwn(TimeSpan now, HubMessage.Own own, IList<SwarmPeerEffect> effects)
    {
        foreach (ContentId id in own.Contents)
        {
            if (_catalog.Find(id) is { } content)
            {
                content.Owner = own.Owner;
            }
        }

        _picker.Rebuild();
        FillAll(now, effects);
    }

    private void OnStart(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        _startedAt = now;
        _requests.LastProgress = now;
        effects.Add(new SwarmPeerEffect.Started());
        _meetings.MeetJoined(now, effects);
        MarkFinish(now);
        FillAll(now, effects);
    }

    private void OnPlan(TimeSpan now, DistributionPlan plan, IList<SwarmPeerEffect> effects)
    {
        _picker.Plan = plan;
        _picker.Abandoned.Clear();
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Replanned(plan.Epoch)));
        _meetings.MeetJoined(now, effects);
        _meetings.Follow(now, plan, effects);
        _picker.Rebuild();
        FillAll(now, effects);
    }

    /// <summary>Nobody can bring a content any more; or it was here, and its file changed or vanished.</summary>
    private void OnLost(TimeSpan now, ContentId id, PeerId by, IList<SwarmPeerEffect> effects)
    {
        if (_catalog.Find(id) is not { IsWithdrawn: false } content)
        {
            return;
        }

        _ending.Withdrawn(content, by);
        _shares.Withdraw(id);
        _neighbours.Withdraw(now, content, by == Options.Peer, effects);
        _chunks.Withdraw(content);
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.ContentWithdrawn(id, by)));
        if (by == Options.Peer)
        {
            _hub.Say(now, new MemberMessage.Lose(id), effects);
        }

        MarkFinish(now);
    }

    private void OnPeerLost(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        if (_neighbours.Lost(now, peer))
        {
            if (_meetings.Wants(peer))
            {
                _reach.Unreachable(now, peer, effects);
            }

            FillAll(now, effects);
        }
    }

    private void OnPeer(TimeSpan now, PeerId peer, PeerMessage message, IList<SwarmPeerEffect> effects)
    {
        if (_neighbours.Find(peer) is not { } neighbour)
        {
            return;
        }

        neighbour.LastHeard = now;
        DisconnectReason? reason = null;
        switch (message)
        {
            case PeerMessage.Have have:
                reason = _neighbours.Have(neighbour, have.Chunks);
                break;
            case PeerMessage.Request request:
                reason = _uploads.Request(now, neighbour, request.Chunks, effects);
                break;
            case PeerMessage.Cancel cancel:
                _uploads.Cancel(neighbour, cancel.Chunks);
                break;
            case PeerMessage.Hold hold:
                reason = _neighbours.Hold(neighbour, hold.Holdings);
                break;
            case PeerMessage.Decline decline:
                _neighbours.Declined(neighbour, decline.Chunks);
                FillAll(now, effects);
                break;
            default:
                break;
        }

        if (reason is not null)
        {
            _neighbours.Disconnect(now, neighbour, reason.Value, effects);
            FillAll(now, effects);
        }
        else if (message is PeerMessage.Have or PeerMessage.Hold)
        {
            Fill(now, neighbour, effects);
        }
    }

    private void OnChunkStored(TimeSpan now, SwarmPeerEvent.ChunkStored stored, IList<SwarmPeerEffect> effects)
    {
        int chunk = _catalog.NumberOf(stored.Chunk);
        if (chunk < 0)
        {
            return;
        }

        Neighbour? from = _neighbours.Find(stored.From);
        if (from is not null)
        {
            from.LastHeard = now;
            _requests.Close(now, from, chunk);
        }

        if (_chunks.AddMine(chunk))
        {
            _counts.Received(_catalog.LengthOf(chunk), isRelayed: stored.From == PeerId.Relay);
            _requests.CancelElsewhere(_neighbours.All, chunk, effects);
            _announcements.Add(now, chunk, effects);
            if (_catalog.ContentOf(chunk) is { IsHeld: true } content)
            {
                Complete(content, effects);
            }

            MarkFinish(now);
            if (_chunks.IsComplete)
            {
                _hub.Say(now, new MemberMessage.Count(Tally), effects);
                _announcements.TellHub(now, effects);
            }
        }
        else
        {
            _counts.Wasted(_catalog.LengthOf(chunk));
        }

        _orders.Crossed(now, OccupationKind.Deliver, stored.Chunk, OrderOutcome.Done, effects);
        if (from is not null)
        {
            Fill(now, from, effects);
        }
    }

    private void OnChunkCorrupt(TimeSpan now, SwarmPeerEvent.ChunkCorrupt corrupt, IList<SwarmPeerEffect> effects)
    {
        _counts.Rejected();
        int chunk = _catalog.NumberOf(corrupt.Chunk);
        if (chunk < 0 || _neighbours.Find(corrupt.From) is not { } neighbour)
        {
            return;
        }

        neighbour.CorruptChunks++;
        effects.Add(new SwarmPeerEffect.Tell(
            new SwarmNote.Blamed(corrupt.From, corrupt.Chunk, neighbour.CorruptChunks)));
        if (_orders.IsOrdered)
        {
            _orders.Crossed(now, OccupationKind.Deliver, corrupt.Chunk, OrderOutcome.Failed, effects);
            return;
        }

        _requests.Close(now, neighbour, chunk);
        if (neighbour.CorruptChunks >= MostCorruptChunks && !neighbour.IsRelay)
        {
            _neighbours.Disconnect(now, neighbour, DisconnectReason.CorruptChunks, effects);
            _meetings.Dial(now, neighbour.Id, effects);
        }
        else
        {
            (_picker.OtherHolder(now, neighbour, chunk) ?? neighbour).FirstPicks.Enqueue(chunk);
        }

        FillAll(now, effects);
    }

    private void OnUploadEnded(TimeSpan now, SwarmPeerEvent.UploadEnded ended, IList<SwarmPeerEffect> effects)
    {
        int chunk = _catalog.NumberOf(ended.Chunk);
        if (chunk >= 0 && _neighbours.Find(ended.To) is { } neighbour)
        {
            _uploads.Ended(now, neighbour, chunk, effects);
            _orders.Crossed(now, OccupationKind.Upload, ended.Chunk, OrderOutcome.Done, effects);
        }
    }

    private void OnTick(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        _meetings.Tick(now, effects);
        _reach.Tick(now, effects);
        _uploads.Tick(now, _neighbours.All.Count);
        _uploads.PumpAll(now, effects);
        _announcements.TellNeighbours(now, effects);
        _announcements.TellHub(now, effects);
        if (IsStarted && !_chunks.IsComplete)
        {
            _requests.TakeBackLate(now, _neighbours.All, effects);
            _neighbours.Abandon(now);
            _picker.Steal(now, _requests.LastProgress, _requests.FlightCount);
            _requests.AskTwice(now, _neighbours.All, effects);
            FillAll(now, effects);
        }

        _neighbours.TellAlive(now, effects);
        if (_counts.Tick(now) && IsStarted)
        {
            _hub.Say(now, new MemberMessage.Count(Tally), effects);
        }

        _hub.Tick(now, effects);
        _ending.Tick(now, _requests.LastProgress, _neighbours.All);
        TryEnd(now, effects);
    }

    private static void Complete(CatalogContent content, IList<SwarmPeerEffect> effects)
    {
        effects.Add(new SwarmPeerEffect.ContentComplete(content.Id));
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.ContentCompleted(content.Id)));
    }

    private void MarkFinish(TimeSpan now)
    {
        if (IsStarted && _chunks.IsComplete)
        {
            _finishedAt ??= now;
        }
    }

    private void Fill(TimeSpan now, Neighbour neighbour, IList<SwarmPeerEffect> effects)
    {
        if (IsStarted && _chunks.UnaskedCount > 0 && !neighbour.IsBanned)
        {
            _requests.Fill(now, neighbour, effects);
        }
    }

    private void FillAll(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in _neighbours.All)
        {
            Fill(now, neighbour, effects);
        }
    }

    private void TryEnd(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (_ending.Waiting(now) is { } patience)
        {
            effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Waiting(patience)));
        }

        if (IsStarted && _ending.Outcome(now, _requests.FlightCount, _neighbours.All) is { } outcome)
        {
            End(now, outcome, effects);
        }
    }

    private void End(TimeSpan now, SwarmOutcome outcome, IList<SwarmPeerEffect> effects)
    {
        _hasEnded = true;
        _hub.Say(now, new MemberMessage.Leave(), effects);
        effects.Add(new SwarmPeerEffect.End(outcome));
    }
}
