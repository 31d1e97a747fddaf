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

    private readonly TrackerParts _parts;
    private readonly TrackerPresence _presence;

    /// <summary>A tracker for a swarm without members.</summary>
    public SwarmTracker(SwarmTrackerOptions options)
    {
        _parts = new TrackerParts(options);
        _presence = new TrackerPresence(_parts);
    }

    /// <summary>What it was told before its first event.</summary>
    public SwarmTrackerOptions Options => _parts.Options;

    /// <summary>How many members are present.</summary>
    public int PresentMembers => _parts.Roster.PresentCount;

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _parts.Barrier.IsOpen;

    internal SwarmCatalog Catalog => _parts.Catalog;

    internal TrackerRoster Roster => _parts.Roster;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        switch (@event)
        {
            case SwarmTrackerEvent.FromMember { Message: MemberMessage.Join join } first:
                _presence.Join(now, first.Link, join, effects);
                break;
            case SwarmTrackerEvent.FromMember said when _parts.Roster.Find(said.Link) is { } member:
                _parts.Leases.Renew(said.Link, now);
                OnMessage(now, member, said.Message, effects);
                break;
            case SwarmTrackerEvent.FromMember { Message: MemberMessage.Look } look:
                _parts.Welcome.Show(look.Link, effects);
                break;
            case SwarmTrackerEvent.FromMember stranger:
                effects.Add(new SwarmTrackerEffect.Disconnect(stranger.Link, "the first message was not a join"));
                break;
            case SwarmTrackerEvent.LinkLost lost when _parts.Roster.Find(lost.Link) is { } member:
                _presence.Leave(now, member, isOnPurpose: false, effects);
                break;
            case SwarmTrackerEvent.Tick:
                OnTick(now, effects);
                break;
            default:
                break;
        }

        _parts.Reach.Tell(now, effects);
        if (!IsRoutine(@event) || _parts.Run.IsAdvanceDue(now))
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
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Count } => !_parts.Run.IsClosing,
            SwarmTrackerEvent.FromMember { Message: MemberMessage.Have, Link: var link } =>
                _parts.Roster.Find(link) is { } member && !member.Covers(_parts.Holdings.CoveredChunks),
            _ => false,
        };

    private void OnMessage(TimeSpan now, TrackerMember member, MemberMessage message, IList<SwarmTrackerEffect> effects)
    {
        string? wrong = null;
        switch (message)
        {
            case MemberMessage.Describe describe:
                wrong = _parts.Contents.Describe(describe.Manifests);
                break;
            case MemberMessage.Share share:
                wrong = _parts.Contents.Share(now, member, share, effects);
                _parts.Reach.Changed();
                break;
            case MemberMessage.Hold hold:
                wrong = _parts.Contents.Hold(member, hold.Holdings);
                _parts.Reach.Changed();
                break;
            case MemberMessage.Ready when !member.IsReady:
                _presence.Ready(now, member, effects);
                break;
            case MemberMessage.Have have:
                wrong = _parts.Contents.Have(member, have.Chunks);
                _parts.Reach.Gained(now, member, have.Chunks, effects);
                _presence.MarkIfComplete(now, member);
                break;
            case MemberMessage.Lose lose:
                _parts.Contents.Lose(now, member, lose.Content, effects);
                foreach (TrackerMember other in _parts.Roster.Present)
                {
                    _presence.MarkIfComplete(now, other);
                }

                _parts.Planner.IsDue = _parts.Barrier.IsOpen;
                _parts.Reach.Changed();
                break;
            case MemberMessage.Reach reach:
                _parts.Planner.HaveWallsChanged |= _parts.Reach.Said(now, member, reach, effects);
                break;
            case MemberMessage.Count count:
                member.Tally = count.Tally;
                member.HasCountedLast = true;
                member.BestUpRate = Math.Max(member.BestUpRate, count.Tally.UpRate);
                break;
            case MemberMessage.Leave:
                _presence.Leave(now, member, isOnPurpose: true, effects);
                break;
            default:
                break;
        }

        if (wrong is not null)
        {
            _presence.Drop(now, member, wrong, effects);
        }
    }

    private void OnTick(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        _presence.Expire(now, effects);
        if (_parts.Barrier.IsOpen && _parts.Planner.HasDrifted(now))
        {
            _parts.Planner.IsDue = true;
        }

        _parts.Voice.Tick(now, effects);
    }

    /// <summary>What every event may have led to: a new plan, progress to tell, the end of the run.</summary>
    private void Conclude(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        if (!_parts.Barrier.IsOpen || _parts.Roster.PresentCount == 0)
        {
            return;
        }

        TrackerPlanner planner = _parts.Planner;
        if (planner.IsDue && planner.IsTime(now) && !_parts.Run.IsGathering(now) && planner.Replan(now))
        {
            _parts.Voice.ToAll(now, new HubMessage.Follow(planner.Current!), effects);
            effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.Replanned(planner.Current!.Epoch)));
        }

        planner.IsDue |= _parts.Run.Advance(now, effects);
    }
}
