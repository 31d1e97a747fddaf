using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>
/// The peers' processes: what happens to them becomes events of their machines.
/// </summary>
internal sealed class PeerShells
{
    /// <summary>A user stops a peer that has everything and has been alone for so long.</summary>
    private static readonly VirtualTime Loneliness = VirtualTime.FromSeconds(300);

    private readonly WorldFrame _frame;
    private readonly HubShell _hub;
    private readonly PeerMesh _mesh;
    private readonly SimulatedPeer[] _peers;
    private readonly PeerDeeds _deeds;
    private readonly DeterministicRandom _corruption;
    private readonly List<SwarmPeerEffect> _effects = [];
    private int _coming;

    public PeerShells(WorldFrame frame, HubShell hub, PeerMesh mesh)
    {
        _frame = frame;
        _hub = hub;
        _mesh = mesh;
        _peers = [.. frame.Scenario.Peers.Select((_, i) => new SimulatedPeer(
            i, new PeerId(frame.Random.Next(), frame.Random.Next()), frame.Scenario.Peers[i].Link))];
        _deeds = new PeerDeeds(frame, mesh, _peers.ToDictionary(peer => peer.Id));
        _corruption = new DeterministicRandom(frame.Random.Next());
    }

    public IReadOnlyList<SimulatedPeer> All => _peers;

    /// <summary>How many processes run or will.</summary>
    public int Alive { get; private set; }

    /// <summary>How many messages peers sent to each other.</summary>
    public long Messages { get; private set; }

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

    public void ReachHub(SimulatedPeer peer, int life)
    {
        if (peer.Machine is null || peer.Life != life)
        {
            return;
        }

        peer.Hub = peer.IsStalled ? null : _hub.Accept(peer);
        if (peer.Hub is null)
        {
            _frame.Later(WorldFrame.RedialDelay, new WorldEvent(WorldEventKind.HubDialled, peer.Index, life));
        }
        else
        {
            Tell(peer, new SwarmPeerEvent.HubConnected());
        }
    }

    public void HearHub(HubLink link, HubMessage message)
    {
        if (link.IsOpenAtPeer)
        {
            Tell(link.Peer, new SwarmPeerEvent.FromHub(message));
        }
    }

    public void LoseHub(HubLink link)
    {
        if (link.IsOpenAtPeer)
        {
            _mesh.Close(link);
            link.IsOpenAtPeer = false;
            link.Peer.Hub = null;
            _frame.Later(
                WorldFrame.RedialDelay,
                new WorldEvent(WorldEventKind.HubDialled, link.Peer.Index, link.Peer.Life));
            Tell(link.Peer, new SwarmPeerEvent.HubLost());
        }
    }

    public void ReachPeer(SimulatedPeer dialler, SimulatedPeer listener, int life)
    {
        if (dialler.Machine is null || dialler.Life != life)
        {
            return;
        }

        if (_mesh.TryConnect(dialler, listener))
        {
            Tell(dialler, new SwarmPeerEvent.PeerConnected(listener.Id));
            Tell(listener, new SwarmPeerEvent.PeerConnected(dialler.Id));
        }
        else if (!_mesh.CanMeet(dialler, listener))
        {
            Tell(dialler, new SwarmPeerEvent.DialFailed(listener.Id));
        }
    }

    /// <summary>Breaks the connection of two peers.</summary>
    public void Cut(SimulatedPeer one, SimulatedPeer other)
    {
        if (one.Sessions.TryGetValue(other.Id, out PeerSession? session))
        {
            LosePeer(one, session);
        }
    }

    public void HearPeer(SimulatedPeer peer, PeerSession session, PeerMessage message)
    {
        if (session.IsOpenAt(peer))
        {
            Messages++;
            Tell(peer, new SwarmPeerEvent.FromPeer(session.Other(peer).Id, message));
        }
    }

    public void LosePeer(SimulatedPeer peer, PeerSession session)
    {
        if (session.IsOpenAt(peer))
        {
            _mesh.Close(peer, session);
            Tell(peer, new SwarmPeerEvent.PeerLost(session.Other(peer).Id));
        }
    }

    /// <summary>A connection that a peer closed itself is down.</summary>
    public void EndConnection(SimulatedPeer peer, PeerSession session, int life)
    {
        if (peer.Life == life)
        {
            Tell(peer, new SwarmPeerEvent.PeerLost(session.Other(peer).Id));
        }
    }

    /// <summary>A chunk's last byte has left its sender.</summary>
    public SentChunk EndTransfer()
    {
        SentChunk sent = _mesh.EndTransfer(out PeerSession? session, out HubLink? link);
        if (sent.From == _mesh.Hub)
        {
            _hub.Sent(link!, sent.Chunk);
            return sent;
        }

        SimulatedPeer sender = _peers[sent.From];
        sender.BytesSent += sent.Bytes;
        sender.BytesSentToHub += session is null ? sent.Bytes : 0;
        PeerId receiver = session?.Other(sender).Id ?? PeerId.Relay;
        Tell(sender, new SwarmPeerEvent.UploadEnded(receiver, _frame.Contents.ChunkAt(sent.Chunk)));
        return sent;
    }

    /// <summary>A chunk's last byte has come; hashing and storing take no time here.</summary>
    public void Receive(SimulatedPeer peer, PeerSession session, int chunk)
    {
        if (!session.IsOpenAt(peer))
        {
            return;
        }

        SimulatedPeer from = session.Other(peer);
        ChunkRef name = _frame.Contents.ChunkAt(chunk);
        if (from.CorruptChance > 0 && _corruption.NextDouble() < from.CorruptChance)
        {
            peer.ChunksRejected++;
            Tell(peer, new SwarmPeerEvent.ChunkCorrupt(from.Id, name));
            return;
        }

        Store(peer, from.Id, chunk);
    }

    /// <summary>A chunk's last byte has come from the hub, which has checked it.</summary>
    public void Receive(HubLink link, int chunk)
    {
        if (link.IsOpenAtPeer)
        {
            Store(link.Peer, PeerId.Relay, chunk);
        }
    }

    private void Store(SimulatedPeer peer, PeerId from, int chunk)
    {
        int bytes = _frame.Contents.LengthOf(chunk);
        if (_frame.Ledger.Add(peer.Index, chunk))
        {
            peer.BytesStored += bytes;
            peer.LastStoredAt = _frame.Now;
        }
        else
        {
            peer.BytesWasted += bytes;
        }

        Tell(peer, new SwarmPeerEvent.ChunkStored(from, _frame.Contents.ChunkAt(chunk)));
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

    private void Tell(SimulatedPeer peer, SwarmPeerEvent @event)
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
}
