using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Whom a peer can reach, and what the hub knows of that. The hub has the other side dial where this one cannot, and
/// relays meanwhile; the shell goes on dialling, and when that works the pair is direct again.
/// </summary>
internal sealed class PeerReach(SwarmPeerOptions options, PeerRoster roster, HubLine hub, ChunkPicker picker)
{
    /// <summary>An attempt that takes longer counts as failed for now.</summary>
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Who could not be reached for so long is looked for behind the relay, if the plan has not said sooner that there
    /// is a wall: with the plan comes the third peer that both can reach.
    /// </summary>
    private static readonly TimeSpan HopeLimit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<PeerId, Reachability> _states = [];
    private readonly Dictionary<PeerId, TimeSpan> _hopedSince = [];
    private readonly Dictionary<PeerId, TimeSpan> _dialledAt = [];
    private readonly HashSet<PeerId> _called = [];

    /// <summary>Whether the two may open a connection at all.</summary>
    public bool MayMeet(Member member) =>
        options.Relay != RelayUse.Always && member.Relay != RelayUse.Always;

    /// <summary>
    /// Whether a connection with a member may still come about: nothing is asked of the relay meanwhile.
    /// </summary>
    public bool IsHopeful(PeerId peer) =>
        roster.Find(peer) is { } member && MayMeet(member)
        && (_states.GetValueOrDefault(peer, Reachability.Direct) != Reachability.Unreachable
            || (_hopedSince.ContainsKey(peer) && picker.Plan?.HasWall(options.Peer, peer) != true));

    /// <summary>Whether the other side could not dial this one, which is to try itself.</summary>
    public bool IsCalled(PeerId peer) => _called.Contains(peer);

    public void Called(PeerId peer) => _called.Add(peer);

    /// <summary>The shell has been told to dial.</summary>
    public void Dialling(TimeSpan now, PeerId peer) => _dialledAt.TryAdd(peer, now);

    public void Connected(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        _dialledAt.Remove(peer);
        Change(now, peer, Reachability.Direct, effects);
    }

    /// <summary>An attempt failed, or a connection broke.</summary>
    public void Unreachable(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        _dialledAt.Remove(peer);
        if (roster.Find(peer) is { } member && MayMeet(member))
        {
            Change(now, peer, Reachability.Unreachable, effects);
        }
    }

    public void Gone(PeerId peer)
    {
        _states.Remove(peer);
        _hopedSince.Remove(peer);
        _dialledAt.Remove(peer);
        _called.Remove(peer);
    }

    /// <summary>Gives up on attempts for now that take too long.</summary>
    public void Tick(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach ((PeerId peer, TimeSpan since) in _dialledAt.Where(dial => now - dial.Value > DialLimit).ToList())
        {
            Unreachable(now, peer, effects);
        }

        List<PeerId> hopeless =
            [.. _hopedSince.Where(hope => now - hope.Value > HopeLimit).Select(hope => hope.Key)];
        foreach (PeerId peer in hopeless)
        {
            _hopedSince.Remove(peer);
        }

        if (hopeless.Count > 0)
        {
            picker.Rebuild();
        }
    }

    /// <summary>A new hub knows nothing of all this.</summary>
    public void TellAll(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach ((PeerId peer, Reachability state) in _states)
        {
            hub.Say(now, new MemberMessage.Reach(peer, state), effects);
        }
    }

    private void Change(TimeSpan now, PeerId peer, Reachability state, IList<SwarmPeerEffect> effects)
    {
        if (!_states.TryGetValue(peer, out Reachability known) || known != state)
        {
            _states[peer] = state;
            hub.Say(now, new MemberMessage.Reach(peer, state), effects);
            _hopedSince.Remove(peer);
            if (state == Reachability.Unreachable)
            {
                _hopedSince.Add(peer, now);
                picker.Rebuild();
            }
        }
    }
}
