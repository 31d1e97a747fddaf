using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>Whom a peer wants to be connected with: everybody in a small swarm, in a large one whom the plan says.</summary>
internal sealed class PeerMeetings(PeerId self, PeerRoster roster, PeerNeighbours neighbours)
{
    private readonly List<Member> _new = [];
    private readonly HashSet<PeerId> _dialled = [];

    public void Joined(Member member, IList<SwarmPeerEffect> effects)
    {
        roster.Joined(member);
        _new.Add(member);
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.MemberJoined(member)));
    }

    /// <summary>
    /// Meets those who have joined since the last time, if the swarm is small. The hub tells of members one by one: only
    /// after the last of them is known whether it is, and a thousand joiners must not all dial the first few dozen.
    /// </summary>
    public void MeetJoined(IList<SwarmPeerEffect> effects)
    {
        if (roster.Count <= DistributionPlan.MeshLimit)
        {
            foreach (Member member in _new)
            {
                Dial(member, effects);
            }
        }

        _new.Clear();
    }

    public void Gone(TimeSpan now, HubMessage.Gone gone, IList<SwarmPeerEffect> effects)
    {
        if (roster.Gone(now, gone.Peer, gone.Departure) is { } member)
        {
            effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.MemberGone(member, gone.Departure)));
        }

        // One that vanished from the hub may still be reachable from here; one that left is not.
        if (gone.Departure == Departure.Left || neighbours.Find(gone.Peer) is null)
        {
            _dialled.Remove(gone.Peer);
            effects.Add(new SwarmPeerEffect.Disconnect(gone.Peer, DisconnectReason.NotNeeded));
        }
    }

    /// <summary>Meets those whom a plan for a large swarm says, and takes leave of the others.</summary>
    public void Follow(DistributionPlan plan, IList<SwarmPeerEffect> effects)
    {
        if (roster.Count <= DistributionPlan.MeshLimit)
        {
            return;
        }

        HashSet<PeerId> planned = [.. plan.NeighboursOf(self)];
        foreach (PeerId peer in planned)
        {
            if (roster.Find(peer) is { } member)
            {
                Dial(member, effects);
            }
        }

        HashSet<PeerId> unplanned = [.. _dialled, .. neighbours.All.Select(neighbour => neighbour.Id)];
        unplanned.ExceptWith(planned);
        foreach (PeerId peer in unplanned.Order())
        {
            _dialled.Remove(peer);
            effects.Add(new SwarmPeerEffect.Disconnect(peer, DisconnectReason.NotNeeded));
        }
    }

    private void Dial(Member member, IList<SwarmPeerEffect> effects)
    {
        if (roster.IsDialledByUs(member) && neighbours.Find(member.Id) is null && !neighbours.IsBanned(member.Id))
        {
            _dialled.Add(member.Id);
            effects.Add(new SwarmPeerEffect.Dial(member));
        }
    }
}
