using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>The members of a swarm, present and gone. Those present are kept in the order of joining.</summary>
internal sealed class TrackerRoster
{
    private readonly Dictionary<PeerId, TrackerMember> _byId = [];
    private readonly Dictionary<LinkId, TrackerMember> _byLink = [];
    private readonly List<TrackerMember> _present = [];
    private readonly HashSet<string> _names = [];
    private readonly HashSet<int> _orders = [];

    public IReadOnlyList<TrackerMember> Present => _present;

    public IReadOnlyCollection<TrackerMember> All => _byId.Values;

    public int Count => _byId.Count;

    public int PresentCount => _present.Count;

    public int ReadyCount => _present.Count(member => member.IsReady);

    public TrackerMember? Find(LinkId link) => _byLink.GetValueOrDefault(link);

    public TrackerMember? Find(PeerId peer) => _byId.GetValueOrDefault(peer);

    /// <summary>Why a member of the swarm cannot be admitted; null: it can.</summary>
    public string? WhyNot(string swarm, LinkId link, MemberMessage.Join join)
    {
        if (Find(link) is not null)
        {
            return "joined twice on one connection";
        }

        if (join.Peer == PeerId.Relay)
        {
            return "an identity of zeros is no peer's";
        }

        if (join.Swarm != swarm)
        {
            return $"this is swarm '{swarm}'";
        }

        if (join.Name.Length is 0 or > SwarmTracker.MostNameLength || join.Name.Any(char.IsControl))
        {
            return $"a name has 1 to {SwarmTracker.MostNameLength} characters, none of them a control character";
        }

        return Count >= SwarmTracker.MostMembers && Find(join.Peer) is null
            ? $"the swarm is full: it has {SwarmTracker.MostMembers} members"
            : null;
    }

    /// <summary>Makes a peer a member, or lets one that was gone come back with its name and order.</summary>
    public TrackerMember Admit(LinkId link, MemberMessage.Join join)
    {
        if (_byId.TryGetValue(join.Peer, out TrackerMember? member))
        {
            member.Member = member.Member with
            {
                Endpoints = join.Endpoints, Capacity = join.Capacity, Relay = join.Relay,
            };
        }
        else
        {
            var entry = new Member(
                join.Peer, FreeName.Of(join.Name, _names.Contains), FreeOrder(join.JoinOrder), join.Endpoints,
                join.Capacity)
            {
                Relay = join.Relay,
            };
            member = new TrackerMember(entry);
            _byId.Add(join.Peer, member);
            _names.Add(entry.Name);
            _orders.Add(entry.JoinOrder);
        }

        member.Link = link;
        member.IsReady = false;
        member.WaivedChunks = 0;
        member.Unnamed.Clear();
        member.Reach.Clear();
        member.Offered.Clear();
        member.Departure = null;
        _byLink.Add(link, member);
        int place = _present.FindIndex(other => other.Member.JoinOrder > member.Member.JoinOrder);
        _present.Insert(place < 0 ? _present.Count : place, member);
        return member;
    }

    public void Dismiss(TimeSpan now, TrackerMember member, Departure departure)
    {
        member.GoneAt = now;
        member.VanishedAt = departure == Departure.Left ? null : now;
        _byLink.Remove(member.Link!.Value);
        _present.Remove(member);
        member.Link = null;
        member.IsReady = false;
        member.Departure = departure;

        // Whoever comes back has other addresses, and connections are tried anew.
        foreach (TrackerMember other in _present)
        {
            other.Reach.Remove(member.Id);
        }
    }

    private int FreeOrder(int wanted)
    {
        if (wanted > 0 && !_orders.Contains(wanted))
        {
            return wanted;
        }

        return _orders.Count == 0 ? 1 : _orders.Max() + 1;
    }
}
