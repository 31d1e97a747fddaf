using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>A fact that a <see cref="RelayMachine"/> is told.</summary>
public abstract record RelayEvent
{
    private RelayEvent()
    {
    }

    /// <summary>Contents whose chunks may be relayed.</summary>
    /// <param name="Manifests">Their manifests.</param>
    public sealed record Described(ImmutableArray<Manifest> Manifests) : RelayEvent;

    /// <summary>A peer is here; it holds and wants nothing yet.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Joined(PeerId Peer) : RelayEvent;

    /// <summary>A peer is gone, with all that it wanted and was asked for.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Left(PeerId Peer) : RelayEvent;

    /// <summary>What a peer holds of contents.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Holdings">A bitfield for each content.</param>
    public sealed record Held(PeerId Peer, ImmutableArray<Holding> Holdings) : RelayEvent;

    /// <summary>A peer holds chunks from now on.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Gained(PeerId Peer, ImmutableArray<ChunkRef> Chunks) : RelayEvent;

    /// <summary>A peer wants chunks.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunks">The chunks, the most urgent first.</param>
    public sealed record Requested(PeerId Peer, ImmutableArray<ChunkRef> Chunks) : RelayEvent;

    /// <summary>A peer wants chunks no longer. One that is already being delivered still comes.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Cancelled(PeerId Peer, ImmutableArray<ChunkRef> Chunks) : RelayEvent;

    /// <summary>
    /// A chunk has come in full, and its hash was right; whoever tells keeps it until it is released.
    /// </summary>
    /// <param name="Holder">Who sent it.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Uploaded(PeerId Holder, ChunkRef Chunk) : RelayEvent;

    /// <summary>A chunk came whose hash was wrong; its bytes are gone.</summary>
    /// <param name="Holder">Who sent it.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Corrupt(PeerId Holder, ChunkRef Chunk) : RelayEvent;

    /// <summary>A holder cannot serve chunks.</summary>
    /// <param name="Holder">The holder.</param>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Declined(PeerId Holder, ImmutableArray<ChunkRef> Chunks) : RelayEvent;

    /// <summary>A chunk has been handed in full to the link of a peer that waited for it.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Delivered(PeerId Peer, ChunkRef Chunk) : RelayEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : RelayEvent;
}

/// <summary>What a <see cref="RelayMachine"/> wants done.</summary>
public abstract record RelayEffect
{
    private RelayEffect()
    {
    }

    /// <summary>Ask a holder for a chunk.</summary>
    /// <param name="Holder">The holder.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Ask(PeerId Holder, ChunkRef Chunk) : RelayEffect;

    /// <summary>Take back what was asked of a holder.</summary>
    /// <param name="Holder">The holder.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record TakeBack(PeerId Holder, ChunkRef Chunk) : RelayEffect;

    /// <summary>Send a chunk that is here to a peer, then tell <c>Delivered</c>.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Deliver(PeerId Peer, ChunkRef Chunk) : RelayEffect;

    /// <summary>Nobody waits for a chunk that is here any more: forget its bytes.</summary>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Release(ChunkRef Chunk) : RelayEffect;

    /// <summary>A peer cannot have a chunk: nobody ever named it, or the peer has it.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Decline(PeerId Peer, ChunkRef Chunk) : RelayEffect;

    /// <summary>A peer asked for more than the limit and is to be disconnected.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Refuse(PeerId Peer) : RelayEffect;

    /// <summary>A holder sent a chunk with a wrong hash.</summary>
    /// <param name="Holder">The holder.</param>
    /// <param name="Chunk">The chunk.</param>
    /// <param name="Count">How many it has sent so far.</param>
    public sealed record Blame(PeerId Holder, ChunkRef Chunk, int Count) : RelayEffect;
}
