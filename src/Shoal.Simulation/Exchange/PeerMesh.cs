using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Network;

namespace Shoal.Simulation.Exchange;

/// <summary>The connections between peers, and between them and the hub, with the chunks on them.</summary>
internal sealed class PeerMesh(WorldFrame frame)
{
    /// <summary>One that cannot be reached is dialled again after so long.</summary>
    private static readonly VirtualTime WallDelay = VirtualTime.FromSeconds(5);

    private readonly FluidNetwork _network = new(
        frame.Clock,
        [.. frame.Scenario.Peers.Select(peer => peer.Link), frame.Scenario.Hub ?? Unlimited], frame.Scenario.Sites);

    private readonly DeterministicRandom _weights = new(frame.Scenario.RandomSeed);

    private readonly HashSet<(int, int)> _walls =
        [.. frame.Scenario.Walls.Select(pair => Ordered(pair.One, pair.Other))];

    private FlowEnds[] _flows = [];

    /// <summary>What a flow belongs to: a session and its sender, or a link with the hub.</summary>
    private readonly record struct FlowEnds(PeerSession? Session, SimulatedPeer Peer, HubLink? Link);

    private static PeerLink Unlimited => new(double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The hub's index among senders and receivers.</summary>
    public int Hub => frame.Scenario.Peers.Length;

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

    /// <summary>Whether two peers can open a connection.</summary>
    public bool CanMeet(SimulatedPeer one, SimulatedPeer other) => !_walls.Contains(Ordered(one.Index, other.Index));

    public void Part(PeerPair pair) => _walls.Add(Ordered(pair.One, pair.Other));

    public void Join(PeerPair pair) => _walls.Remove(Ordered(pair.One, pair.Other));

    /// <summary>
    /// Ends an attempt; true if there is a new connection. Else it is tried again, while it is wanted.
    /// </summary>
    public bool TryConnect(SimulatedPeer dialler, SimulatedPeer listener)
    {
        if (!dialler.Dialled.Contains(listener.Index) || dialler.Sessions.ContainsKey(listener.Id))
        {
            return false;
        }

        if (!CanMeet(dialler, listener))
        {
            DialAfter(WallDelay, dialler, listener);
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

    /// <summary>Opens both directions of a link between a peer and the hub.</summary>
    public void Open(HubLink link)
    {
        link.FlowUp = _network.Open(link.Peer.Index, Hub);
        link.FlowDown = _network.Open(Hub, link.Peer.Index);
        Register(link.FlowUp, new FlowEnds(null, link.Peer, link));
        Register(link.FlowDown, new FlowEnds(null, link.Peer, link));
    }

    /// <summary>Closes a link with the hub; called by whichever end is first, while both are open.</summary>
    public void Close(HubLink link)
    {
        if (link.IsUp)
        {
            _network.Close(link.FlowUp);
            _network.Close(link.FlowDown);
        }
    }

    public void UploadToHub(HubLink link, int chunk)
    {
        if (link.IsUp)
        {
            _network.Send(link.FlowUp, frame.Contents.LengthOf(chunk), chunk);
        }
    }

    public void Deliver(HubLink link, int chunk)
    {
        if (link.IsUp)
        {
            _network.Send(link.FlowDown, frame.Contents.LengthOf(chunk), chunk);
        }
    }

    /// <summary>Takes the chunk that has left its sender now and puts it on its way.</summary>
    public SentChunk EndTransfer(out PeerSession? session, out HubLink? link)
    {
        TransferEnd end = _network.TakeEnd();
        (session, SimulatedPeer peer, link) = _flows[end.Flow];
        int from = peer.Index;
        int to = Hub;
        if (session is not null)
        {
            to = session.Other(peer).Index;
            frame.Across(new WorldEvent(WorldEventKind.ChunkArrives, to, end.Tag, session));
        }
        else if (end.Flow == link!.FlowUp)
        {
            frame.Across(new WorldEvent(WorldEventKind.ChunkReachesHub, -1, end.Tag, link));
        }
        else
        {
            (from, to) = (Hub, peer.Index);
            frame.Across(new WorldEvent(WorldEventKind.ChunkFromHub, to, end.Tag, link));
        }

        return new SentChunk(from, to, end.Tag, end.Bytes, end.StartedAt, frame.Now);
    }

    private static (int, int) Ordered(int one, int other) => (Math.Min(one, other), Math.Max(one, other));

    private void Register(int flow, FlowEnds ends)
    {
        if (flow >= _flows.Length)
        {
            Array.Resize(ref _flows, Math.Max(flow + 1, _flows.Length * 2));
        }

        _flows[flow] = ends;
    }

    private void DialAfter(VirtualTime delay, SimulatedPeer dialler, SimulatedPeer listener) =>
        frame.Later(delay, new WorldEvent(WorldEventKind.PeerDialled, dialler.Index, dialler.Life, listener));

    private void Connect(SimulatedPeer dialler, SimulatedPeer listener)
    {
        int fromDialler = _network.Open(dialler.Index, listener.Index, NextWeight());
        int fromListener = _network.Open(listener.Index, dialler.Index, NextWeight());
        var session = new PeerSession(dialler, listener, fromDialler, fromListener);
        Register(fromDialler, new FlowEnds(session, dialler, null));
        Register(fromListener, new FlowEnds(session, listener, null));
        dialler.Sessions.Add(listener.Id, session);
        listener.Sessions.Add(dialler.Id, session);
    }

    private double NextWeight() => 1 + ((frame.Scenario.Unevenness - 1) * _weights.NextDouble());
}
