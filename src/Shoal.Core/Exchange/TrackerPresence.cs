namespace Shoal.Core.Exchange;

/// <summary>Who comes to a swarm, is ready, and goes, and what follows for the others.</summary>
internal sealed class TrackerPresence(TrackerParts parts)
{
    private readonly List<LinkId> _expired = [];
    private bool _hasEnded;

    /// <summary>Lets somebody in, or says why not.</summary>
    public void Join(TimeSpan now, LinkId link, MemberMessage.Join join, IList<SwarmTrackerEffect> effects)
    {
        if (parts.Roster.WhyNot(parts.Options.Swarm, link, join) is { } reason)
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Refuse(reason)));
            effects.Add(new SwarmTrackerEffect.Disconnect(link, reason));
            return;
        }

        if (parts.Roster.Find(join.Peer) is { Link: { } older } ghost)
        {
            const string Replaced = "another process joined with this peer's identity";
            effects.Add(new SwarmTrackerEffect.ToMember(older, new HubMessage.Refuse(Replaced)));
            effects.Add(new SwarmTrackerEffect.Disconnect(older, Replaced));
            Leave(now, ghost, isOnPurpose: false, effects);
        }

        TrackerMember member = parts.Roster.Admit(link, join);
        _hasEnded = false;
        parts.Leases.Renew(link, now);
        parts.Barrier.Declare(join.Expect);
        parts.Welcome.Tell(now, member, parts.Planner.Current, effects);
        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.MemberJoined(member.Member)));
        if (join.RunningFor is { } runningFor)
        {
            Return(now, join.Expect, now - runningFor, effects);
        }
        else if (parts.Barrier.IsOpen)
        {
            TrackerVoice.ToMember(now, member, new HubMessage.Start(), effects);
        }

        member.Finish = join.FinishedAfter;
    }

    /// <summary>
    /// A member has seen the start: if this hub has not, it has restarted, and whoever is here may go on.
    /// </summary>
    private void Return(TimeSpan now, int expect, TimeSpan start, IList<SwarmTrackerEffect> effects)
    {
        if (!parts.Barrier.IsOpen)
        {
            parts.Barrier.Force();
            parts.Run.Resume(now, start);
            parts.Planner.IsDue = true;
            parts.Voice.ToAll(now, new HubMessage.Start(), effects);
            effects.Add(new SwarmTrackerEffect.Started(parts.Roster.PresentCount));
        }

        parts.Run.AwaitReturn(expect);
    }

    /// <summary>A member has said all that it has: the start may be due.</summary>
    public void Ready(TimeSpan now, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        member.IsReady = true;
        parts.Reach.Changed();
        if (member.Initial.Count == 0)
        {
            member.RememberInitial();
        }

        parts.Contents.TellOwners(now, member, effects);
        if (parts.Barrier.TryOpen(parts.Roster.ReadyCount))
        {
            parts.Run.Begin(now);
            parts.Planner.Replan(now);
            parts.Voice.ToAll(now, new HubMessage.Follow(parts.Planner.Current!), effects);
            parts.Voice.ToAll(now, new HubMessage.Start(), effects);
            effects.Add(new SwarmTrackerEffect.Started(parts.Roster.PresentCount));
        }
        else if (parts.Barrier.IsOpen)
        {
            parts.Planner.IsDue = true;
        }

        MarkIfComplete(now, member);
    }

    /// <summary>A member has gone.</summary>
    public void Leave(TimeSpan now, TrackerMember member, bool isOnPurpose, IList<SwarmTrackerEffect> effects)
    {
        LinkId link = member.Link!.Value;
        bool isComplete = member.IsReady && member.Covers(parts.Catalog.WantedChunks);
        Departure departure = isOnPurpose ? Departure.Left
            : isComplete ? Departure.VanishedComplete : Departure.VanishedIncomplete;
        parts.Roster.Dismiss(now, member, departure);
        parts.Leases.Release(link);
        parts.Holdings.RemoveAll(member);
        parts.Reach.Changed();
        parts.Planner.IsDue = parts.Barrier.IsOpen && !parts.Run.IsFinished;
        if (isOnPurpose)
        {
            effects.Add(new SwarmTrackerEffect.Disconnect(link, "left", IsFault: false));
        }

        foreach (TrackerMember other in parts.Roster.Present)
        {
            effects.Add(new SwarmTrackerEffect.ToMember(
                other.Link!.Value, new HubMessage.Gone(member.Id, departure)));
        }

        effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.MemberGone(member.Member, departure)));
        if (parts.Roster.PresentCount == 0 && !_hasEnded)
        {
            _hasEnded = true;
            effects.Add(new SwarmTrackerEffect.Ended());
        }
    }

    /// <summary>Parts with a member, and says why.</summary>
    public void Drop(TimeSpan now, TrackerMember member, string reason, IList<SwarmTrackerEffect> effects)
    {
        effects.Add(new SwarmTrackerEffect.Disconnect(member.Link!.Value, reason));
        Leave(now, member, isOnPurpose: false, effects);
    }

    /// <summary>Drops who has said nothing for the length of its lease.</summary>
    public void Expire(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        _expired.Clear();
        parts.Leases.TakeExpired(now, _expired);
        foreach (LinkId link in _expired)
        {
            if (parts.Roster.Find(link) is { } member)
            {
                Drop(now, member, "nothing heard from it for the length of its lease", effects);
            }
        }
    }

    /// <summary>Notes a member that has everything, once the run has begun.</summary>
    public void MarkIfComplete(TimeSpan now, TrackerMember member)
    {
        if (parts.Barrier.IsOpen)
        {
            parts.Run.MarkIfComplete(now, member);
        }
    }
}
