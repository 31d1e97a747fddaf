using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>The other members of the swarm as a peer knows them, and what those who are gone had.</summary>
internal sealed class PeerRoster(PeerId self)
{
    private readonly Dictionary<PeerId, Member> _present = [];
    private readonly Dictionary<PeerId, GoneMember> _gone = [];
    private readonly Dictionary<PeerId, ChunkSet> _lastHoldings = [];

    private sealed record GoneMember(Member Member, Departure Departure, TimeSpan Since);

    /// <summary>This peer's own place in the order of joining.</summary>
    public int JoinOrder { get; set; }

    /// <summary>Members present, this peer included.</summary>
    public int Count => _present.Count + 1;

    public IEnumerable<PeerId> Others => _present.Keys;

    public Member? Find(PeerId peer) => _present.GetValueOrDefault(peer);

    /// <summary>Of two members the later one dials.</summary>
    public bool IsDialledByUs(Member member) => member.Id != self && member.JoinOrder < JoinOrder;

    public void Joined(Member member)
    {
        _present[member.Id] = member;
        _gone.Remove(member.Id);
    }

    public Member? Gone(TimeSpan now, PeerId peer, Departure departure)
    {
        if (_present.Remove(peer, out Member? member))
        {
            _gone[peer] = new GoneMember(member, departure, now);
        }

        return member;
    }

    public void RememberHoldings(PeerId peer, ChunkSet has) => _lastHoldings[peer] = has;

    /// <summary>Members that vanished before they had everything, and when the last of them did.</summary>
    public List<Member> Vanished(out TimeSpan last)
    {
        var vanished = new List<Member>();
        last = TimeSpan.MinValue;
        foreach (GoneMember gone in _gone.Values)
        {
            if (gone.Departure == Departure.VanishedIncomplete)
            {
                vanished.Add(gone.Member);
                last = gone.Since > last ? gone.Since : last;
            }
        }

        return vanished;
    }

    /// <summary>When somebody last went, however it went.</summary>
    public TimeSpan LastDeparture()
    {
        TimeSpan last = TimeSpan.MinValue;
        foreach (GoneMember gone in _gone.Values)
        {
            last = gone.Since > last ? gone.Since : last;
        }

        return last;
    }

    /// <summary>Names of members gone that had a chunk, or whose name it went by.</summary>
    public List<string> GoneHolders(int chunk, List<PeerId> origins)
    {
        var names = new List<string>();
        foreach ((PeerId peer, GoneMember gone) in _gone)
        {
            if (origins.Contains(peer) || (_lastHoldings.TryGetValue(peer, out ChunkSet? has) && has.Contains(chunk)))
            {
                names.Add(gone.Member.Name);
            }
        }

        return names;
    }
}
