using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>The peers' processes: they start, stall, tick, are stopped and killed, and each has a machine.</summary>
internal sealed class PeerProcesses
{
    /// <summary>A user stops a peer that has everything and has been alone for so long.</summary>
    private static readonly VirtualTime Loneliness = VirtualTime.FromSeconds(300);

    private readonly WorldFrame _frame;
    private readonly HubShell _hub;
    private readonly PeerMesh _mesh;
    private readonly SimulatedPeer[] _peers;
    private readonly PeerDeeds _deeds;
    private readonly List<SwarmPeerEffect> _effects = [];
    private int _coming;

    public PeerProcesses(WorldFrame frame, HubShell hub, PeerMesh mesh)
    {
        _frame = frame;
        _hub = hub;
        _mesh = mesh;
        _peers = [.. frame.Scenario.Peers.Select((_, i) => new SimulatedPeer(
            i, new PeerId(frame.Random.Next(), frame.Random.Next()), frame.Scenario.Peers[i].Link))];
        _deeds = new PeerDeeds(frame, mesh, _peers.ToDictionary(peer => peer.Id));
    }

    public IReadOnlyList<SimulatedPeer> All => _peers;

    /// <summary>How many processes run or will.</summary>
    public int Alive { get; private set; }

    /// <summary>Lets a process start after a while.</summary>
    public void StartLater(SimulatedPeer peer, VirtualTime delay)
    {
        Alive++;
        _coming++;
        _frame.Later(delay, new WorldEvent(WorldEventKind.PeerStarts, peer.Index, peer.Life + 1));
    }

    public void Start(SimulatedPeer peer, int life)
    {
        _coming--;
        peer.Life = life;
        peer.AloneSince = null;
        peer.Machine = new SwarmPeer(ProcessOptions.Of(_frame.Scenario, peer));
        Tell(peer, FolderFacts.Read(_frame, peer));
        _frame.Later(_frame.RoundTrip, new WorldEvent(WorldEventKind.HubDialled, peer.Index, life));

        // Real clocks do not beat together.
        VirtualTime phase = new(WorldFrame.TickPeriod.Nanoseconds * (peer.Index + 1) / _peers.Length);
        _frame.Later(phase, new WorldEvent(WorldEventKind.PeerTick, peer.Index, life));
    }

    /// <summary>Ends a process at once.</summary>
    public void Kill(SimulatedPeer peer)
    {
        Alive--;
        peer.Machine = null;
        peer.IsStalled = false;
        peer.Deferred.Clear();
        peer.Dialled.Clear();
        foreach (PeerSession session in peer.Sessions.Values.ToList())
        {
            _mesh.Close(peer, session);
        }

        if (peer.Hub is { } link)
        {
            peer.Hub = null;
            _mesh.Close(link);
            link.IsOpenAtPeer = false;
            _frame.Across(new WorldEvent(WorldEventKind.LinkLost, -1, 0, link));
        }
    }

    public void Stall(SimulatedPeer peer, VirtualTime duration)
    {
        peer.IsStalled = true;
        _mesh.SetLink(peer, 0, 0);
        _frame.Later(duration, new WorldEvent(WorldEventKind.StallEnds, peer.Index, peer.Life));
    }

    public void EndStall(SimulatedPeer peer, int life)
    {
        _mesh.SetLink(peer, peer.Up, peer.Down);
        if (life != peer.Life || !peer.IsStalled)
        {
            return;
        }

        peer.IsStalled = false;
        SwarmPeerEvent[] deferred = [.. peer.Deferred];
        peer.Deferred.Clear();
        foreach (SwarmPeerEvent @event in deferred)
        {
            Tell(peer, @event);
        }
    }

    public void ChangeLink(SimulatedPeer peer, double up, double down)
    {
        peer.Up = up;
        peer.Down = down;
        if (!peer.IsStalled)
        {
            _mesh.SetLink(peer, up, down);
        }
    }

    public void Tick(SimulatedPeer peer, int life)
    {
        if (peer.Machine is null || peer.Life != life)
        {
            return;
        }

        _frame.Later(WorldFrame.TickPeriod, new WorldEvent(WorldEventKind.PeerTick, peer.Index, life));
        if (!peer.IsStalled)
        {
            Tell(peer, IsToStop(peer) ? new SwarmPeerEvent.Stop() : new SwarmPeerEvent.Tick());
        }
    }

    /// <summary>
    /// Lets a process' machine take a fact, and carries out what follows; one that is stalled takes it when that ends.
    /// </summary>
    public void Tell(SimulatedPeer peer, SwarmPeerEvent @event)
    {
        if (peer.Machine is null)
        {
            return;
        }

        if (peer.IsStalled)
        {
            peer.Deferred.Add(@event);
            return;
        }

        _effects.Clear();
        peer.Machine.Apply(_frame.Now.ToTimeSpan(), @event, _effects);
        foreach (SwarmPeerEffect effect in _effects)
        {
            if (effect is SwarmPeerEffect.End end)
            {
                peer.Outcome = end.Outcome;
                Kill(peer);
            }
            else
            {
                _deeds.CarryOut(peer, effect);
            }
        }
    }

    /// <summary>
    /// Whether the user stops a peer: one that stays when everybody has everything, and one that came back
    /// with everything when the others had gone.
    /// </summary>
    private bool IsToStop(SimulatedPeer peer)
    {
        bool isAlone = Alive == 1 && _frame.Ledger.IsComplete(peer.Index);
        peer.AloneSince = isAlone ? peer.AloneSince ?? _frame.Now : null;
        return (_frame.Scenario.Stay && _hub.StartedAt is not null && _coming == 0 && _frame.Ledger.AreAllComplete)
            || (peer.AloneSince is { } since && _frame.Now - since > Loneliness);
    }
}
