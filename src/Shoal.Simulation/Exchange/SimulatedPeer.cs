using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>One process of a peer, with the machine in it and what a shell keeps around it.</summary>
internal sealed class SimulatedPeer(int index, PeerId id, PeerLink link)
{
    /// <summary>The name of the only swarm in a world.</summary>
    public const string Swarm = "simulated";

    public int Index { get; } = index;

    public PeerId Id { get; } = id;

    public string Name => $"peer{Index + 1}";

    /// <summary>The machine; null while there is no process.</summary>
    public SwarmPeer? Machine { get; set; }

    /// <summary>Counts its processes; what was meant for an earlier one is not for this one.</summary>
    public int Life { get; set; }

    /// <summary>How its part ended, if it ended by itself.</summary>
    public SwarmOutcome? Outcome { get; set; }

    /// <summary>Since when it has had everything while nobody else was or will be there.</summary>
    public VirtualTime? AloneSince { get; set; }

    public HubLink? Hub { get; set; }

    public Dictionary<PeerId, PeerSession> Sessions { get; } = [];

    /// <summary>The peers that it shall be connected with by dialling them, again if need be.</summary>
    public HashSet<int> Dialled { get; } = [];

    /// <summary>The names that it was told to place, as its journal would keep them.</summary>
    public List<MemberMessage.Share> Placed { get; } = [];

    /// <summary>The present capacity of its uplink, bytes per second.</summary>
    public double Up { get; set; } = link.Up;

    /// <summary>The present capacity of its downlink, bytes per second.</summary>
    public double Down { get; set; } = link.Down;

    public bool IsStalled { get; set; }

    /// <summary>What happened to it while it stood still.</summary>
    public List<SwarmPeerEvent> Deferred { get; } = [];

    public double CorruptChance { get; set; }

    /// <summary>Whether it does not send what the relay asks for.</summary>
    public bool IsWithholding { get; set; }

    /// <summary>When its last chunk was stored.</summary>
    public VirtualTime LastStoredAt { get; set; }

    public long BytesSent { get; set; }

    /// <summary>What of <see cref="BytesSent"/> went to the hub.</summary>
    public long BytesSentToHub { get; set; }

    public long BytesStored { get; set; }

    public long BytesWasted { get; set; }

    public int ChunksRejected { get; set; }
}

/// <summary>A connection between a peer and the hub.</summary>
internal sealed class HubLink(LinkId id, SimulatedPeer peer)
{
    public LinkId Id { get; } = id;

    public SimulatedPeer Peer { get; } = peer;

    /// <summary>The flow of chunks to the hub.</summary>
    public int FlowUp { get; set; }

    /// <summary>The flow of chunks from the hub.</summary>
    public int FlowDown { get; set; }

    /// <summary>Whether nobody has closed it yet.</summary>
    public bool IsUp => IsOpenAtHub && IsOpenAtPeer;

    public bool IsOpenAtHub { get; set; } = true;

    public bool IsOpenAtPeer { get; set; } = true;
}

/// <summary>A connection between two peers: a flow each way, and whether each side still thinks it is up.</summary>
internal sealed class PeerSession(SimulatedPeer dialler, SimulatedPeer listener, int fromDialler, int fromListener)
{
    private bool _isOpenAtDialler = true;
    private bool _isOpenAtListener = true;

    /// <summary>Whether nobody has closed it yet.</summary>
    public bool IsUp => _isOpenAtDialler && _isOpenAtListener;

    public SimulatedPeer Other(SimulatedPeer self) => self == dialler ? listener : dialler;

    /// <summary>The flow that carries what a side sends.</summary>
    public int FlowFrom(SimulatedPeer self) => self == dialler ? fromDialler : fromListener;

    public bool IsOpenAt(SimulatedPeer self) => self == dialler ? _isOpenAtDialler : _isOpenAtListener;

    public void CloseAt(SimulatedPeer self)
    {
        if (self == dialler)
        {
            _isOpenAtDialler = false;
        }
        else
        {
            _isOpenAtListener = false;
        }
    }
}
