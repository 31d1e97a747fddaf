using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>
/// What two peers of a swarm say to each other. Chunk bytes are not here: they travel beside the messages, in a frame
/// that the shells write and read without the machines seeing the payload.
/// </summary>
public abstract record PeerMessage
{
    private PeerMessage()
    {
    }

    /// <summary>What the sender has, said once for each content at the start of a connection.</summary>
    /// <param name="Holdings">Contents of which the sender has at least one chunk; empty contents too.</param>
    public sealed record Hold(ImmutableArray<Holding> Holdings) : PeerMessage;

    /// <summary>Chunks that the sender has verified and stored since.</summary>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Have(ImmutableArray<ChunkRef> Chunks) : PeerMessage;

    /// <summary>Asks for chunks, to be sent in this order.</summary>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Request(ImmutableArray<ChunkRef> Chunks) : PeerMessage;

    /// <summary>Takes requests back. A chunk that is already being sent still comes.</summary>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Cancel(ImmutableArray<ChunkRef> Chunks) : PeerMessage;

    /// <summary>The sender cannot serve these requested chunks (any more).</summary>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Decline(ImmutableArray<ChunkRef> Chunks) : PeerMessage;

    /// <summary>The sender is there; sent when there was nothing else to say for a while.</summary>
    public sealed record Alive : PeerMessage;
}

/// <summary>What somebody has of one content.</summary>
/// <param name="Content">The content.</param>
/// <param name="Chunks">A bit for each of its chunks.</param>
public sealed record Holding(ContentId Content, Bitfield Chunks);
