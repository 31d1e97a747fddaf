using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What a <see cref="SwarmTracker"/> is told before its first event.</summary>
public sealed record SwarmTrackerOptions
{
    /// <summary>The swarm's name.</summary>
    public required string Swarm { get; init; }

    /// <summary>A member that says nothing for so long has vanished; 6 s by default.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Where declared capacities come from: declared by members (default), or simulated.</summary>
    public BoundSource DeclaredAs { get; init; } = BoundSource.Declared;
}

/// <summary>
/// The hub's side of a swarm, as a machine: roster, start barrier, who has what, rates, plan and end. It never sees a
/// chunk's bytes. The swarm's contents outlive its members' connections; a restarted hub learns everything again from
/// the members, who say all that they have whenever they connect.
/// </summary>
public sealed class SwarmTracker
{
    /// <summary>A swarm has at most so many members; a further join is refused.</summary>
    public const int MostMembers = 4096;

    /// <summary>A swarm has at most so many contents; a member that describes more is disconnected.</summary>
    public const int MostContents = 1 << 20;

    /// <summary>A member's name has at most so many characters.</summary>
    public const int MostNameLength = 64;

    private static readonly TimeSpan AdvanceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);

    private readonly SwarmCatalog _catalog = new();
    private readonly SwarmHoldings _holdings;
    private readonly TrackerRoster _roster = new();
    private readonly TrackerShares _shares = new();
    private readonly TrackerPlanner _planner;
    private readonly LeaseTable<LinkId> _leases;
    private readonly List<LinkId> _expired = [];
    private readonly StartBarrier _barrier = new();

    private TimeSpan _runStart;
    private TimeSpan _lastAdvance;
    private SwarmProgress _toldProgress;
    private bool _isFinished;
    private bool _hasEnded;

    /// <summary>A tracker for a swarm without members.</summary>
    public SwarmTracker(SwarmTrackerOptions options)
    {
        Options = options;
        _holdings = new SwarmHoldings(_catalog);
        _planner = new TrackerPlanner(_catalog, _holdings, _roster);
        _leases = new LeaseTable<LinkId>(options.Lease);
    }

    /// <summary>What it was told before its first event.</summary>
    public SwarmTrackerOptions Options { get; }

    /// <summary>How many members are present.</summary>
    public int PresentMembers => _roster.PresentCount;

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _barrier.IsOpen;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        switch (@event)
        {
            case SwarmTrackerEvent.FromMember { Message: MemberMessage.Join join } first:
                OnJoin(now, first.Link, join, effects);
                break;
            case SwarmTrackerEvent.FromMember said when _roster.Find(said.Link) is { } member:
                _leases.Renew(said.Link, now);
                OnMessage(now, member, said.Message, effects);
                break;
            case SwarmTrackerEvent.FromMember stranger:
                effects.Add(new SwarmTrackerEffect.Disconnect(stranger.Link, "the first message was not a join"));
                break;
            case SwarmTrackerEvent.LinkLost lost when _roster.Find(lost.Link) is { } member:
                OnGone(member, isOnPurpose: false, effects);
                break;
            case SwarmTrackerEvent.Tick:
                OnTick(now, effects);
                break;
            default:
                break;
        }

        if (!IsRoutine(@event) || now - _lastAdvance >= AdvanceInterval)
        {
            Conclude(now, effects);
        }
    }

    /// <summary>Whether an event, one of very many, leads to nothing that cannot wait for the next turn.</summary>
    private bool IsRoutine(SwarmTrackerEvent @event) =>
        @event switch
        {
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Alive or MemberMessage.Count } => true,
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Have, Link: var link } =>
                _roster.Find(link) is { } member && member.Has.Count < _holdings.CoveredChunks,
            _ => false,
        };

    private void OnMessage(TimeSpan now, TrackerMember member, MemberMessage message, IList<SwarmTrackerEffect> effects)
    {
        switch (message)
        {
            case MemberMessage.Describe describe:
                OnDescribe(now, member, describe, effects);
                break;
            case MemberMessage.Share share:
                OnShare(now, member, share, effects);
                break;
            case MemberMessage.Hold hold:
                OnHold(member, hold, effects);
                break;
            case MemberMessage.Ready when !member.IsReady:
                OnReady(now, member, effects);
                break;
            case MemberMessage.Have have:
                OnHave(now, member, have, effects);
                break;
            case MemberMessage.Lose lose:
                OnLose(now, member, lose.Content, effects);
                break;
            case MemberMessage.Count count:
                member.Tally = count.Tally;
                member.BestUpRate = Math.Max(member.BestUpRate, count.Tally.UpRate);
                break;
            case MemberMessage.Leave:
                OnGone(member, isOnPurpose: true, effects);
                break;
            default:
                break;
        }
    }

    private void OnJoin(TimeSpan now, LinkId link, MemberMessage.Join join, IList<SwarmTrackerEffect> effects)
    {
        if (WhyNotJoin(link, join) is { } reason)
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Refuse(reason)));
            effects.Add(new SwarmTrackerEffect.Disconnect(link, reason));
            return;
        }

        if (_roster.Find(join.Peer) is { Link: { } older } ghost)
        {
            const string Replaced = "another process joined with this peer's identity";
            effects.Add(new SwarmTrackerEffect.ToMember(older, new HubMessage.Refuse(Replaced)));
            effects.Add(new SwarmTrackerEffect.Disconnect(older, Replaced));
            OnGone(ghost, isOnPurpose: false, effects);
        }

        TrackerMember member = _roster.Admit(link, join);
        _hasEnded = false;
        _leases.Renew(link, now);
        _barrier.Declare(join.Expect);
        ToMember(now, member, new HubMessage.Welcome(member.Member), effects);
        foreach (TrackerMember other in _roster.Present)
        {
            if (other != member)
            {
                ToMember(now, member, new HubMessage.Joined(other.Member), effects);
                ToMember(now, other, new HubMessage.Joined(member.Member), effects);
            }
        }

        TellCatalog(now, member, effects);
        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.MemberJoined(member.Member)));
        if (join.RunningFor is { } runningFor && !_barrier.IsOpen)
        {
            _barrier.Force();
            BeginRun(now - runningFor);
            effects.Add(new SwarmTrackerEffect.Started(_roster.PresentCount));
        }

        member.Finish = join.FinishedAfter;
    }

    private string? WhyNotJoin(LinkId link, MemberMessage.Join join)
    {
        if (_roster.Find(link) is not null)
        {
            return "joined twice on one connection";
        }

        if (join.Swarm != Options.Swarm)
        {
            return $"this is swarm '{Options.Swarm}'";
        }

        if (join.Name.Length is 0 or > MostNameLength || join.Name.Any(char.IsControl))
        {
            return $"a name has 1 to {MostNameLength} characters, none of them a control character";
        }

        return _roster.Count >= MostMembers && _roster.Find(join.Peer) is null
            ? $"the swarm is full: it has {MostMembers} members"
            : null;
    }

    /// <summary>Tells a new member what all others were told before.</summary>
    private void TellCatalog(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        var manifests = ImmutableArray.CreateBuilder<Manifest>();
        var owned = new Dictionary<PeerId, ImmutableArray<ContentId>.Builder>();
        foreach (CatalogContent content in _catalog.Contents)
        {
            if (content.IsWithdrawn)
            {
                continue;
            }

            manifests.Add(content.Manifest);
            if (content.Owner is { } owner)
            {
                owned.TryAdd(owner, ImmutableArray.CreateBuilder<ContentId>());
                owned[owner].Add(content.Id);
            }
        }

        if (manifests.Count > 0)
        {
            ToMember(now, member, new HubMessage.Describe(manifests.ToImmutable()), effects);
        }

        foreach ((PeerId owner, ImmutableArray<ContentId>.Builder contents) in owned)
        {
            ToMember(now, member, new HubMessage.Own(owner, contents.ToImmutable()), effects);
        }

        foreach (HubMessage.Share share in _shares.All)
        {
            ToMember(now, member, share, effects);
        }

        if (_planner.Current is { } plan)
        {
            ToMember(now, member, new HubMessage.Follow(plan), effects);
        }

        if (_barrier.IsOpen)
        {
            ToMember(now, member, new HubMessage.Start(), effects);
        }
    }

    private void OnDescribe(
        TimeSpan now, TrackerMember member, MemberMessage.Describe describe, IList<SwarmTrackerEffect> effects)
    {
        if (_catalog.Contents.Count + describe.Manifests.Length > MostContents)
        {
            Drop(member, $"the swarm would have more than {MostContents} contents", effects);
            return;
        }

        var news = ImmutableArray.CreateBuilder<Manifest>();
        foreach (Manifest manifest in describe.Manifests)
        {
            if (_catalog.TryAdd(manifest, out _))
            {
                news.Add(manifest);
            }
        }

        if (news.Count > 0)
        {
            ToOthers(now, member, new HubMessage.Describe(news.ToImmutable()), effects);
        }
    }

    private void OnShare(TimeSpan now, TrackerMember member, MemberMessage.Share share, IList<SwarmTrackerEffect> effects)
    {
        foreach (SharedEntry entry in share.Entries)
        {
            if (entry is SharedEntry.File file && _catalog.Find(file.Content) is null)
            {
                Drop(member, $"it shared '{file.Name}' without describing its content", effects);
                return;
            }
        }

        int order = _roster.Find(share.Origin)?.Member.JoinOrder ?? member.Member.JoinOrder;
        if (_shares.Add(share, order) is { } news)
        {
            ToOthers(now, member, news, effects);
        }
    }

    private void OnHold(TrackerMember member, MemberMessage.Hold hold, IList<SwarmTrackerEffect> effects)
    {
        foreach (Holding holding in hold.Holdings)
        {
            CatalogContent? content = _catalog.Find(holding.Content);
            if (content is null || content.ChunkCount != holding.Chunks.Count)
            {
                Drop(member, $"its bitfield does not fit content {holding.Content.Brief}", effects);
                return;
            }

            for (int i = 0; i < content.ChunkCount; i++)
            {
                if (holding.Chunks[i])
                {
                    _holdings.Add(member, content.FirstChunk + i);
                }
            }
        }
    }

    private void OnReady(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        member.IsReady = true;
        if (member.Initial.Count == 0)
        {
            RememberInitial(member);
        }

        TellOwners(now, member, effects);
        if (_barrier.TryOpen(_roster.ReadyCount))
        {
            BeginRun(now);
            _planner.Replan(now);
            ToAll(now, new HubMessage.Follow(_planner.Current!), effects);
            ToAll(now, new HubMessage.Start(), effects);
            effects.Add(new SwarmTrackerEffect.Started(_roster.PresentCount));
        }
        else if (_barrier.IsOpen)
        {
            _planner.IsDue = true;
        }

        MarkIfComplete(now, member);
    }

    private void BeginRun(TimeSpan start)
    {
        _runStart = start;
        _isFinished = false;
        foreach (TrackerMember member in _roster.Present)
        {
            member.Finish = null;
            RememberInitial(member);
        }

        foreach (TrackerMember member in _roster.Present)
        {
            MarkIfComplete(start, member);
        }
    }

    private static void RememberInitial(TrackerMember member)
    {
        member.Initial.Clear();
        for (int chunk = member.Has.NextFrom(0); chunk >= 0; chunk = member.Has.NextFrom(chunk + 1))
        {
            member.Initial.Add(chunk);
        }
    }

    /// <summary>A content is owned by the member that had all of it when nobody else had any of it.</summary>
    private void TellOwners(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        var owned = ImmutableArray.CreateBuilder<ContentId>();
        var disowned = ImmutableArray.CreateBuilder<ContentId>();
        foreach (CatalogContent content in _catalog.Contents)
        {
            if (content.ChunkCount == 0 || !HasAll(member, content))
            {
                continue;
            }

            if (content.Owner is { } owner && owner != member.Id)
            {
                content.Owner = null;
                disowned.Add(content.Id);
            }
            else if (content.Owner is null && _holdings.AvailabilityOf(content.FirstChunk) == 1)
            {
                content.Owner = member.Id;
                owned.Add(content.Id);
            }
        }

        if (owned.Count > 0)
        {
            ToAll(now, new HubMessage.Own(member.Id, owned.ToImmutable()), effects);
        }

        if (disowned.Count > 0)
        {
            ToAll(now, new HubMessage.Own(null, disowned.ToImmutable()), effects);
        }
    }

    private static bool HasAll(TrackerMember member, CatalogContent content)
    {
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            if (!member.Has.Contains(chunk))
            {
                return false;
            }
        }

        return true;
    }

    private void OnHave(TimeSpan now, TrackerMember member, MemberMessage.Have have, IList<SwarmTrackerEffect> effects)
    {
        foreach (ChunkRef chunk in have.Chunks)
        {
            int number = _catalog.NumberOf(chunk);
            if (number < 0)
            {
                Drop(member, $"there is no chunk {chunk}", effects);
                return;
            }

            _holdings.Add(member, number);
        }

        MarkIfComplete(now, member);
    }

    private void MarkIfComplete(TimeSpan now, TrackerMember member)
    {
        if (_barrier.IsOpen && member.IsReady && member.Finish is null && member.Has.Count == _catalog.WantedChunks)
        {
            member.Finish = now - _runStart;
        }
    }

    private void OnLose(TimeSpan now, TrackerMember member, ContentId id, IList<SwarmTrackerEffect> effects)
    {
        if (_catalog.Find(id) is not { } content)
        {
            return;
        }

        bool isGone = false;
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            _holdings.Remove(member, chunk);
            isGone |= _holdings.AvailabilityOf(chunk) == 0;
        }

        _planner.IsDue = _barrier.IsOpen;
        if (content.Owner == member.Id)
        {
            content.Owner = null;
            ToAll(now, new HubMessage.Own(null, [id]), effects);
        }

        if (isGone && _catalog.Withdraw(content))
        {
            foreach (TrackerMember other in _roster.Present)
            {
                for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
                {
                    _holdings.Remove(other, chunk);
                }
            }

            _shares.Withdraw(id);
            ToAll(now, new HubMessage.Lost(id, member.Id), effects);
            effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.ContentWithdrawn(id, member.Id)));
        }
    }

    private void OnGone(TrackerMember member, bool isOnPurpose, IList<SwarmTrackerEffect> effects)
    {
        LinkId link = member.Link!.Value;
        bool isComplete = member.IsReady && member.Has.Count == _catalog.WantedChunks;
        Departure departure = isOnPurpose ? Departure.Left
            : isComplete ? Departure.VanishedComplete : Departure.VanishedIncomplete;
        _roster.Dismiss(member, departure);
        _leases.Release(link);
        _holdings.RemoveAll(member);
        _planner.IsDue = _barrier.IsOpen;
        if (isOnPurpose)
        {
            effects.Add(new SwarmTrackerEffect.Disconnect(link, "left"));
        }

        foreach (TrackerMember other in _roster.Present)
        {
            effects.Add(new SwarmTrackerEffect.ToMember(
                other.Link!.Value, new HubMessage.Gone(member.Id, departure)));
        }

        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.MemberGone(member.Member, departure)));
        if (_roster.PresentCount == 0 && !_hasEnded)
        {
            _hasEnded = true;
            effects.Add(new SwarmTrackerEffect.Ended());
        }
    }

    private void Drop(TrackerMember member, string reason, IList<SwarmTrackerEffect> effects)
    {
        effects.Add(new SwarmTrackerEffect.Disconnect(member.Link!.Value, reason));
        OnGone(member, isOnPurpose: false, effects);
    }

    private void OnTick(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        _expired.Clear();
        _leases.TakeExpired(now, _expired);
        foreach (LinkId link in _expired)
        {
            if (_roster.Find(link) is { } member)
            {
                Drop(member, "nothing heard from it for the length of its lease", effects);
            }
        }

        if (_barrier.IsOpen && _planner.HasDrifted(now))
        {
            _planner.IsDue = true;
        }

        foreach (TrackerMember member in _roster.Present)
        {
            if (now - member.LastTold >= AliveInterval)
            {
                ToMember(now, member, new HubMessage.Alive(), effects);
            }
        }
    }

    /// <summary>What every event may have led to: a new plan, progress to tell, the end of the run.</summary>
    private void Conclude(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        if (!_barrier.IsOpen || _roster.PresentCount == 0)
        {
            return;
        }

        if (_planner.IsDue)
        {
            _planner.Replan(now);
            ToAll(now, new HubMessage.Follow(_planner.Current!), effects);
            effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.Replanned(_planner.Current!.Epoch)));
        }

        SwarmProgress progress = MeasureProgress();
        bool isTurn = progress.IsSettled != _toldProgress.IsSettled
            || progress.PresentMembers != _toldProgress.PresentMembers;
        if (isTurn || (progress != _toldProgress && now - _lastAdvance >= AdvanceInterval))
        {
            _toldProgress = progress;
            _lastAdvance = now;
            ToAll(now, new HubMessage.Advance(progress), effects);
        }

        bool isComplete = progress.CompleteMembers == progress.PresentMembers;
        if (isComplete && !_isFinished)
        {
            _isFinished = true;
            ExchangeReport report = TrackerReport.Build(_catalog, _roster, Options.DeclaredAs);
            ToAll(now, new HubMessage.Finished(report), effects);
            effects.Add(new SwarmTrackerEffect.Finished(report));
        }
        else if (_isFinished && !isComplete)
        {
            // Somebody came, or brought something new, after the end: that is a run of its own.
            BeginRun(now);
            _planner.IsDue = true;
        }
    }

    private SwarmProgress MeasureProgress()
    {
        long held = 0;
        int complete = 0;
        int settled = 0;
        foreach (TrackerMember member in _roster.Present)
        {
            held += member.HeldBytes;
            complete += member.IsReady && member.Has.Count == _catalog.WantedChunks ? 1 : 0;
            settled += member.IsReady && member.Has.Count == _holdings.CoveredChunks ? 1 : 0;
        }

        int present = _roster.PresentCount;
        return new SwarmProgress(held, _catalog.WantedBytes * present, complete, present, settled == present);
    }

    private void ToAll(TimeSpan now, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in _roster.Present)
        {
            ToMember(now, member, message, effects);
        }
    }

    private void ToOthers(TimeSpan now, TrackerMember self, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in _roster.Present)
        {
            if (member != self)
            {
                ToMember(now, member, message, effects);
            }
        }
    }

    private static void ToMember(
        TimeSpan now, TrackerMember member, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        member.LastTold = now;
        effects.Add(new SwarmTrackerEffect.ToMember(member.Link!.Value, message));
    }
}
