using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>Whom a peer wants to be connected with: everybody in a small swarm, in a large one whom the plan says.</summary>
internal sealed class PeerMeetings(PeerId self, PeerRoster roster, PeerNeighbours neighbours)
{
    public void Joined(Member member, IList<SwarmPeerEffect> effects)
    {
        roster.Joined(member);
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.MemberJoined(member)));
        if (roster.Count <= DistributionPlan.MeshLimit)
        {
            Dial(member, effects);
        }
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

        foreach (Neighbour neighbour in neighbours.All)
        {
            if (!planned.Contains(neighbour.Id))
            {
                effects.Add(new SwarmPeerEffect.Disconnect(neighbour.Id, DisconnectReason.NotNeeded));
            }
        }
    }

    private void Dial(Member member, IList<SwarmPeerEffect> effects)
    {
        if (roster.IsDialledByUs(member) && neighbours.Find(member.Id) is null && !neighbours.IsBanned(member.Id))
        {
            effects.Add(new SwarmPeerEffect.Dial(member));
        }
    }
}
