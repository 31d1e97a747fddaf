using Shoal.Core.Exchange;

namespace Shoal.Hosts.Peer;

/// <summary>What comes to a peer's loop: facts for the machine, and which connection they are from.</summary>
internal abstract record PeerHostEvent
{
    private PeerHostEvent()
    {
    }

    /// <summary>A fact that needs nothing from the host.</summary>
    public sealed record Fact(SwarmPeerEvent Event) : PeerHostEvent;

    /// <summary>A fact from a connection; stale if another one has taken its place.</summary>
    public sealed record FromLink(PeerLink Link, SwarmPeerEvent Event) : PeerHostEvent;

    /// <summary>Uploads on a connection, with a peer or the hub, have ended; its chunks know which.</summary>
    public sealed record Uploaded(LinkChunks Chunks) : PeerHostEvent;

    /// <summary>A connection with a peer is up and introduced.</summary>
    public sealed record LinkUp(PeerLink Link) : PeerHostEvent;

    /// <summary>A connection with a peer is down.</summary>
    public sealed record LinkDown(PeerLink Link) : PeerHostEvent;

    /// <summary>A connection with the hub is up; what is said to the hub goes there from now on.</summary>
    public sealed record HubUp(HubLine Line) : PeerHostEvent;

    /// <summary>The connection with the hub is down.</summary>
    public sealed record HubDown : PeerHostEvent;

    /// <summary>A quarter of a second has passed.</summary>
    public sealed record Tick : PeerHostEvent;
}
