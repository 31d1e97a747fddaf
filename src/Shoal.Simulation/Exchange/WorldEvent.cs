using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>What happens in a simulated world beside the ends of transfers.</summary>
internal enum WorldEventKind : byte
{
    /// <summary>A peer's process starts; the number is the life that it begins.</summary>
    PeerStarts,

    /// <summary>A quarter of a second of a peer's time is over; the number is its life.</summary>
    PeerTick,

    /// <summary>A peer's attempt to reach the hub ends; the number is its life.</summary>
    HubDialled,

    /// <summary>What the hub said arrives at a peer. Subject: the <see cref="HubLink"/>.</summary>
    FromHub,

    /// <summary>A peer hears that its link to the hub is down. Subject: the <see cref="HubLink"/>.</summary>
    HubLost,

    /// <summary>
    /// A peer's attempt to reach another ends. Subject: the <see cref="SimulatedPeer"/> that it dials.
    /// </summary>
    PeerDialled,

    /// <summary>What another peer said arrives. Subject: the <see cref="PeerSession"/>.</summary>
    FromPeer,

    /// <summary>A chunk arrives in full; the number is the chunk's. Subject: the <see cref="PeerSession"/>.</summary>
    ChunkArrives,

    /// <summary>A peer hears that a connection is down. Subject: the <see cref="PeerSession"/>.</summary>
    PeerLost,

    /// <summary>
    /// A connection that a peer closed is down. Subject: the <see cref="PeerSession"/>; the number is its
    /// life.
    /// </summary>
    ConnectionEnded,

    /// <summary>A stall of a peer is over; the number is its life.</summary>
    StallEnds,

    /// <summary>The hub's process starts; the number is the life that it begins.</summary>
    HubStarts,

    /// <summary>A quarter of a second of the hub's time is over; the number is its life.</summary>
    HubTick,

    /// <summary>What a peer said arrives at the hub. Subject: the <see cref="HubLink"/>.</summary>
    FromMember,

    /// <summary>The hub hears that a link is down. Subject: the <see cref="HubLink"/>.</summary>
    LinkLost,

    /// <summary>
    /// A chunk reaches the hub in full; the number is the chunk's. Subject: the <see cref="HubLink"/>.
    /// </summary>
    ChunkReachesHub,

    /// <summary>
    /// A chunk from the hub arrives in full; the number is the chunk's. Subject: the <see cref="HubLink"/>.
    /// </summary>
    ChunkFromHub,

    /// <summary>Two peers can meet again. Subject: the <see cref="PeerPair"/>.</summary>
    CutEnds,

    /// <summary>A fault of the scenario; the number is its index.</summary>
    Fault,
}

/// <summary>Something that happens in a simulated world.</summary>
/// <param name="Kind">What.</param>
/// <param name="Peer">To which peer; -1 for the hub.</param>
/// <param name="Number">A number that belongs to it, as its kind says.</param>
/// <param name="Subject">What it happens on, as its kind says.</param>
/// <param name="Message">What was said, if it is a message.</param>
internal readonly record struct WorldEvent(
    WorldEventKind Kind, int Peer, int Number = 0, object? Subject = null, object? Message = null);

/// <summary>A chunk that one peer sent to another.</summary>
/// <param name="From">The index of the sender; that behind the last peer's is the hub's.</param>
/// <param name="To">The index of the receiver; that behind the last peer's is the hub's.</param>
/// <param name="Chunk">The chunk's number.</param>
/// <param name="Bytes">How much it was.</param>
/// <param name="Start">When its first byte left.</param>
/// <param name="End">When its last byte left.</param>
internal readonly record struct SentChunk(int From, int To, int Chunk, long Bytes, VirtualTime Start, VirtualTime End);
