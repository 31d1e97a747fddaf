using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Simulation.Exchange;

/// <summary>What comes to the peers over connections becomes events of their machines.</summary>
internal sealed class PeerShells
{
    private readonly WorldFrame _frame;
    private readonly HubShell _hub;
    private readonly PeerMesh _mesh;
    private readonly PeerProcesses _processes;
    private readonly DeterministicRandom _corruption;

    public PeerShells(WorldFrame frame, HubShell hub, PeerMesh mesh, PeerProcesses processes)
    {
        _frame = frame;
        _hub = hub;
        _mesh = mesh;
        _processes = processes;
        _corruption = new DeterministicRandom(frame.Random.Next());
    }

    /// <summary>How many messages peers sent to each other.</summary>
    public long Messages { get; private set; }

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
            _processes.Tell(peer, new SwarmPeerEvent.HubConnected());
        }
    }

    public void HearHub(HubLink link, HubMessage message)
    {
        if (link.IsOpenAtPeer)
        {
            _processes.Tell(link.Peer, new SwarmPeerEvent.FromHub(message));
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
            _processes.Tell(link.Peer, new SwarmPeerEvent.HubLost());
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
            _processes.Tell(dialler, new SwarmPeerEvent.PeerConnected(listener.Id));
            _processes.Tell(listener, new SwarmPeerEvent.PeerConnected(dialler.Id));
        }
        else if (!_mesh.CanMeet(dialler, listener))
        {
            _processes.Tell(dialler, new SwarmPeerEvent.DialFailed(listener.Id));
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
            _processes.Tell(peer, new SwarmPeerEvent.FromPeer(session.Other(peer).Id, message));
        }
    }

    public void LosePeer(SimulatedPeer peer, PeerSession session)
    {
        if (session.IsOpenAt(peer))
        {
            _mesh.Close(peer, session);
            _processes.Tell(peer, new SwarmPeerEvent.PeerLost(session.Other(peer).Id));
        }
    }

    /// <summary>A connection that a peer closed itself is down.</summary>
    public void EndConnection(SimulatedPeer peer, PeerSession session, int life)
    {
        if (peer.Life == life)
        {
            _processes.Tell(peer, new SwarmPeerEvent.PeerLost(session.Other(peer).Id));
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

        SimulatedPeer sender = _processes.All[sent.From];
        sender.BytesSent += sent.Bytes;
        sender.BytesSentToHub += session is null ? sent.Bytes : 0;
        PeerId receiver = session?.Other(sender).Id ?? PeerId.Relay;
        _processes.Tell(sender, new SwarmPeerEvent.UploadEnded(receiver, _frame.Contents.ChunkAt(sent.Chunk)));
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
            _processes.Tell(peer, new SwarmPeerEvent.ChunkCorrupt(from.Id, name));
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

        _processes.Tell(peer, new SwarmPeerEvent.ChunkStored(from, _frame.Contents.ChunkAt(chunk)));
    }
}
