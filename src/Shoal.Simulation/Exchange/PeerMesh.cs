using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Simulation.Network;

namespace Shoal.Simulation.Exchange;

/// <summary>The connections between peers and the chunks on them.</summary>
internal sealed class PeerMesh(WorldFrame frame)
{
    private readonly FluidNetwork _network =
        new(frame.Clock, [.. frame.Scenario.Peers.Select(peer => peer.Link)], frame.Scenario.Sites);

    private (PeerSession Session, SimulatedPeer Sender)[] _flows = [];

    /// <summary>When the next chunk has left its sender.</summary>
    public VirtualTime NextEnd => _network.NextEnd;

    /// <summary>How many times the level of a link was computed.</summary>
    public long NetworkSteps => _network.Steps;

    public void SetLink(SimulatedPeer peer, double up, double down) => _network.SetLink(peer.Index, up, down);

    /// <summary>Lets a peer dial another, from now on and whenever the connection breaks.</summary>
    public void Dial(SimulatedPeer dialler, SimulatedPeer listener)
    {
        if (dialler.Dialled.Add(listener.Index) && !dialler.Sessions.ContainsKey(listener.Id))
        {
            DialAfter(frame.RoundTrip, dialler, listener);
        }
    }

    /// <summary>
    /// Ends an attempt; true if there is a new connection. Else it is tried again, while it is wanted.
    /// </summary>
    public bool TryConnect(SimulatedPeer dialler, SimulatedPeer listener)
    {
        if (!dialler.Dialled.Contains(listener.Index) || dialler.Sessions.ContainsKey(listener.Id))
        {
            return false;
        }

        if (listener.Machine is null || listener.IsStalled || listener.Sessions.ContainsKey(dialler.Id))
        {
            DialAfter(WorldFrame.RedialDelay, dialler, listener);
            return false;
        }

        Connect(dialler, listener);
        return true;
    }

    /// <summary>Closes a connection at one end; the other hears of it.</summary>
    public void Close(SimulatedPeer self, PeerSession session)
    {
        SimulatedPeer other = session.Other(self);
        if (session.IsUp)
        {
            _network.Close(session.FlowFrom(self));
            _network.Close(session.FlowFrom(other));
            frame.Across(new WorldEvent(WorldEventKind.PeerLost, other.Index, 0, session));
        }

        session.CloseAt(self);
        self.Sessions.Remove(other.Id);
        if (self.Dialled.Contains(other.Index))
        {
            DialAfter(WorldFrame.RedialDelay, self, other);
        }
    }

    public void Say(SimulatedPeer from, PeerSession session, PeerMessage message)
    {
        if (session.IsUp)
        {
            frame.Across(new WorldEvent(WorldEventKind.FromPeer, session.Other(from).Index, 0, session, message));
        }
    }

    public void Upload(SimulatedPeer from, PeerSession session, int chunk)
    {
        if (session.IsUp)
        {
            _network.Send(session.FlowFrom(from), frame.Contents.LengthOf(chunk), chunk);
        }
    }

    /// <summary>Takes the chunk that has left its sender now and puts it on its way.</summary>
    public SentChunk EndTransfer(out PeerSession session)
    {
        TransferEnd end = _network.TakeEnd();
        (session, SimulatedPeer sender) = _flows[end.Flow];
        SimulatedPeer receiver = session.Other(sender);
        frame.Across(new WorldEvent(WorldEventKind.ChunkArrives, receiver.Index, end.Tag, session));
        return new SentChunk(sender.Index, receiver.Index, end.Tag, end.Bytes, end.StartedAt, frame.Now);
    }

    private void DialAfter(VirtualTime delay, SimulatedPeer dialler, SimulatedPeer listener) =>
        frame.Later(delay, new WorldEvent(WorldEventKind.PeerDialled, dialler.Index, dialler.Life, listener));

    private void Connect(SimulatedPeer dialler, SimulatedPeer listener)
    {
        int fromDialler = _network.Open(dialler.Index, listener.Index);
        int fromListener = _network.Open(listener.Index, dialler.Index);
        var session = new PeerSession(dialler, listener, fromDialler, fromListener);
        if (Math.Max(fromDialler, fromListener) >= _flows.Length)
        {
            Array.Resize(ref _flows, Math.Max(Math.Max(fromDialler, fromListener) + 1, _flows.Length * 2));
        }

        _flows[fromDialler] = (session, dialler);
        _flows[fromListener] = (session, listener);
        dialler.Sessions.Add(listener.Id, session);
        listener.Sessions.Add(dialler.Id, session);
    }
}
