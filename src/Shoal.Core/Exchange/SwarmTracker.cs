using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

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

    private readonly SwarmCatalog _catalog = new();
    private readonly SwarmHoldings _holdings;
    private readonly TrackerRoster _roster = new();
    private readonly TrackerVoice _voice;
    private readonly TrackerContents _contents;
    private readonly TrackerWelcome _welcome;
    private readonly TrackerReach _reach;
    private readonly TrackerPlanner _planner;
    private readonly TrackerRun _run;
    private readonly LeaseTable<LinkId> _leases;
    private readonly List<LinkId> _expired = [];
    private readonly StartBarrier _barrier = new();

    private bool _hasEnded;

    /// <summary>A tracker for a swarm without members.</summary>
    public SwarmTracker(SwarmTrackerOptions options)
    {
        Options = options;
        _holdings = new SwarmHoldings(_catalog);
        _voice = new TrackerVoice(_roster);
        _contents = new TrackerContents(options.Offer, _catalog, _holdings, _roster, _voice);
        _welcome = new TrackerWelcome(_roster, _voice, _contents);
        _reach = new TrackerReach(options, _catalog, _roster);
        _planner = new TrackerPlanner(options, _catalog, _holdings, _roster);
        _run = new TrackerRun(_catalog, _holdings, _roster, _voice, options);
        _leases = new LeaseTable<LinkId>(options.Lease);
    }

    /// <summary>What it was told before its first event.</summary>
    public SwarmTrackerOptions Options { get; }

    /// <summary>How many members are present.</summary>
    public int PresentMembers => _roster.PresentCount;

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _barrier.IsOpen;

    internal SwarmCatalog Catalog => _catalog;

    internal TrackerRoster Roster => _roster;

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
            case SwarmTrackerEvent.FromMember { Message: MemberMessage.Look } look:
                _welcome.Show(look.Link, effects);
                break;
            case SwarmTrackerEvent.FromMember stranger:
                effects.Add(new SwarmTrackerEffect.Disconnect(stranger.Link, "the first message was not a join"));
                break;
            case SwarmTrackerEvent.LinkLost lost when _roster.Find(lost.Link) is { } member:
                OnGone(now, member, isOnPurpose: false, effects);
                break;
            case SwarmTrackerEvent.Tick:
                OnTick(now, effects);
                break;
            default:
                break;
        }

        _reach.Tell(now, effects);
        if (!IsRoutine(@event) || _run.IsAdvanceDue(now))
        {
            Conclude(now, effects);
        }
    }

    /// <summary>Whether an event, one of very many, leads to nothing that cannot wait for the next turn.</summary>
    private bool IsRoutine(SwarmTrackerEvent @event) =>
        @event switch
        {
            SwarmTrackerEvent.FromMember
            {
                Message: MemberMessage.Alive or MemberMessage.ToRelay
            } => true,
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Count } => !_run.IsClosing,
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Have, Link: var link } =>
                _roster.Find(link) is { } member && !member.Covers(_holdings.CoveredChunks),
            _ => false,
        };

    private void OnMessage(TimeSpan now, TrackerMember member, MemberMessage message, IList<SwarmTrackerEffect> effects)
    {
        string? wrong = null;
        switch (message)
        {
            case MemberMessage.Describe describe:
                wrong = _contents.Describe(describe.Manifests);
                break;
            case MemberMessage.Share share:
                wrong = _contents.Share(now, member, share, effects);
                _reach.Changed();
                break;
            case MemberMessage.Hold hold:
                wrong = _contents.Hold(member, hold.Holdings);
                _reach.Changed();
                break;
            case MemberMessage.Ready when !member.IsReady:
                OnReady(now, member, effects);
                break;
            case MemberMessage.Have have:
                wrong = _contents.Have(member, have.Chunks);
                _reach.Gained(now, member, have.Chunks, effects);
                MarkIfComplete(now, member);
                break;
            case MemberMessage.Lose lose:
                _contents.Lose(now, member, lose.Content, effects);
                foreach (TrackerMember other in _roster.Present)
                {
                    MarkIfComplete(now, other);
                }

                _planner.IsDue = _barrier.IsOpen;
                _reach.Changed();
                break;
            case MemberMessage.Reach reach:
                _planner.HaveWallsChanged |= _reach.Said(now, member, reach, effects);
                break;
            case MemberMessage.Count count:
                member.Tally = count.Tally;
                member.HasCountedLast = true;
                member.BestUpRate = Math.Max(member.BestUpRate, count.Tally.UpRate);
                break;
            case MemberMessage.Leave:
                OnGone(now, member, isOnPurpose: true, effects);
                break;
            default:
                break;
        }

        if (wrong is not null)
        {
            Drop(now, member, wrong, effects);
        }
    }

    private void OnJoin(TimeSpan now, LinkId link, MemberMessage.Join join, IList<SwarmTrackerEffect> effects)
    {
        if (_roster.WhyNot(Options.Swarm, link, join) is { } reason)
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
            OnGone(now, ghost, isOnPurpose: false, effects);
        }

        TrackerMember member = _roster.Admit(link, join);
        _hasEnded = false;
        _leases.Renew(link, now);
        _barrier.Declare(join.Expect);
        _welcome.Tell(now, member, _planner.Current, effects);
        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.MemberJoined(member.Member)));
        if (join.RunningFor is { } runningFor)
        {
            OnReturn(now, join.Expect, now - runningFor, effects);
        }
        else if (_barrier.IsOpen)
        {
            TrackerVoice.ToMember(now, member, new HubMessage.Start(), effects);
        }

        member.Finish = join.FinishedAfter;
    }

    /// <summary>
    /// A member has seen the start: if this hub has not, it has restarted, and whoever is here may go on.
    /// </summary>
    private void OnReturn(TimeSpan now, int expect, TimeSpan start, IList<SwarmTrackerEffect> effects)
    {
        if (!_barrier.IsOpen)
        {
            _barrier.Force();
            _run.Resume(now, start);
            _planner.IsDue = true;
            _voice.ToAll(now, new HubMessage.Start(), effects);
            effects.Add(new SwarmTrackerEffect.Started(_roster.PresentCount));
        }

        _run.AwaitReturn(expect);
    }

    private void OnReady(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        member.IsReady = true;
        _reach.Changed();
        if (member.Initial.Count == 0)
        {
            member.RememberInitial();
        }

        _contents.TellOwners(now, member, effects);
        if (_barrier.TryOpen(_roster.ReadyCount))
        {
            _run.Begin(now);
            _planner.Replan(now);
            _voice.ToAll(now, new HubMessage.Follow(_planner.Current!), effects);
            _voice.ToAll(now, new HubMessage.Start(), effects);
            effects.Add(new SwarmTrackerEffect.Started(_roster.PresentCount));
        }
        else if (_barrier.IsOpen)
        {
            _planner.IsDue = true;
        }

        MarkIfComplete(now, member);
    }

    private void MarkIfComplete(TimeSpan now, TrackerMember member)
    {
        if (_barrier.IsOpen)
        {
            _run.MarkIfComplete(now, member);
        }
    }

    private void OnGone(TimeSpan now, TrackerMember member, bool isOnPurpose, IList<SwarmTrackerEffect> effects)
    {
        LinkId link = member.Link!.Value;
        bool isComplete = member.IsReady && member.Covers(_catalog.WantedChunks);
        Departure departure = isOnPurpose ? Departure.Left
            : isComplete ? Departure.VanishedComplete : Departure.VanishedIncomplete;
        _roster.Dismiss(now, member, departure);
        _leases.Release(link);
        _holdings.RemoveAll(member);
        _reach.Changed();
        _planner.IsDue = _barrier.IsOpen && !_run.IsFinished;
        if (isOnPurpose)
        {
            effects.Add(new SwarmTrackerEffect.Disconnect(link, "left", IsFault: false));
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

    private void Drop(TimeSpan now, TrackerMember member, string reason, IList<SwarmTrackerEffect> effects)
    {
        effects.Add(new SwarmTrackerEffect.Disconnect(member.Link!.Value, reason));
        OnGone(now, member, isOnPurpose: false, effects);
    }

    private void OnTick(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        _expired.Clear();
        _leases.TakeExpired(now, _expired);
        foreach (LinkId link in _expired)
        {
            if (_roster.Find(link) is { } member)
            {
                Drop(now, member, "nothing heard from it for the length of its lease", effects);
            }
        }

        if (_barrier.IsOpen && _planner.HasDrifted(now))
        {
            _planner.IsDue = true;
        }

        _voice.Tick(now, effects);
    }

    /// <summary>What every event may have led to: a new plan, progress to tell, the end of the run.</summary>
    private void Conclude(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        if (!_barrier.IsOpen || _roster.PresentCount == 0)
        {
            return;
        }

        if (_planner.IsDue && _planner.IsTime(now) && !_run.IsGathering(now) && _planner.Replan(now))
        {
            _voice.ToAll(now, new HubMessage.Follow(_planner.Current!), effects);
            effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.Replanned(_planner.Current!.Epoch)));
        }

        _planner.IsDue |= _run.Advance(now, effects);
    }
}
