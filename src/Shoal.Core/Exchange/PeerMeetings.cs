using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Whom a peer wants to be connected with: everybody in a small swarm, in a large one whom the plan says.
/// </summary>
internal sealed class PeerMeetings(
    SwarmPeerOptions options, PeerRoster roster, PeerNeighbours neighbours, PeerReach reach)
{
    /// <summary>
    /// The shell dials until it is told to stop; where that was meant for an older connection, it is told
    /// again.
    /// </summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Who waits for few members meets each as it comes: then the connections are there when the barrier opens.
    /// </summary>
    private readonly bool _expectsFew = options.Expect is > 0 and <= DistributionPlan.MeshLimit;

    private readonly List<Member> _new = [];
    private readonly HashSet<PeerId> _dialled = [];
    private HashSet<PeerId>? _planned;
    private TimeSpan _lastLook;

    public void Joined(TimeSpan now, Member member, IList<SwarmPeerEffect> effects)
    {
        roster.Joined(member);
        _new.Add(member);
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.MemberJoined(member)));
        if (_expectsFew)
        {
            MeetJoined(now, effects);
        }
    }

    /// <summary>
    /// Meets those who have joined since the last time, if the swarm is small. The hub tells of members one
    /// by one: only after the last of them is known whether it is, unless few are expected, and a thousand
    /// joiners must not all dial the first few dozen.
    /// </summary>
    public void MeetJoined(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (roster.Count <= DistributionPlan.MeshLimit)
        {
            foreach (Member member in _new)
            {
                Dial(now, member.Id, effects);
            }
        }

        _new.Clear();
    }

    /// <summary>Whether a connection with a member is wanted.</summary>
    public bool Wants(PeerId peer) =>
        roster.Find(peer) is not null
        && (roster.Count <= DistributionPlan.MeshLimit || _planned?.Contains(peer) == true);

    public void Tick(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        MeetJoined(now, effects);
        if (now - _lastLook >= LookInterval)
        {
            _lastLook = now;
            IEnumerable<PeerId> wanted = roster.Count <= DistributionPlan.MeshLimit ? roster.Others : _planned ?? [];
            foreach (PeerId peer in wanted)
            {
                Dial(now, peer, effects);
            }
        }
    }

    public void Gone(TimeSpan now, HubMessage.Gone gone, IList<SwarmPeerEffect> effects)
    {
        if (roster.Gone(now, gone.Peer, gone.Departure) is { } member)
        {
            effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.MemberGone(member, gone.Departure)));
        }

        reach.Gone(gone.Peer);

        // One that vanished from the hub may still be reachable from here; one that left is not.
        if (gone.Departure == Departure.Left || neighbours.Find(gone.Peer) is null)
        {
            _dialled.Remove(gone.Peer);
            effects.Add(new SwarmPeerEffect.Disconnect(gone.Peer, DisconnectReason.NotNeeded));
        }
    }

    /// <summary>Meets those whom a plan for a large swarm says, and takes leave of the others.</summary>
    public void Follow(TimeSpan now, DistributionPlan plan, IList<SwarmPeerEffect> effects)
    {
        _planned = null;
        if (roster.Count <= DistributionPlan.MeshLimit)
        {
            return;
        }

        _planned = [.. plan.NeighboursOf(options.Peer)];
        foreach (PeerId peer in _planned)
        {
            Dial(now, peer, effects);
        }

        HashSet<PeerId> unplanned = [.. _dialled, .. neighbours.Peers.Select(neighbour => neighbour.Id)];
        unplanned.ExceptWith(_planned);
        foreach (PeerId peer in unplanned.Order())
        {
            _dialled.Remove(peer);
            effects.Add(new SwarmPeerEffect.Disconnect(peer, DisconnectReason.NotNeeded));
        }
    }

    /// <summary>The other side cannot dial this one: it is this peer's turn from now on.</summary>
    public void Called(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        reach.Called(peer);
        Dial(now, peer, effects);
    }

    /// <summary>Dials a member that is not connected, if it is this peer's turn to dial.</summary>
    public void Dial(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        if (roster.Find(peer) is not { } member || neighbours.Find(peer) is not null
            || !(roster.IsDialledByUs(member) || reach.IsCalled(peer)) || !reach.MayMeet(member))
        {
            return;
        }

        if (member.Endpoints.IsEmpty)
        {
            reach.Unreachable(now, peer, effects);
            return;
        }

        reach.Dialling(now, peer);
        _dialled.Add(peer);
        effects.Add(new SwarmPeerEffect.Dial(member));
    }
}
