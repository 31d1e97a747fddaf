using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>A fact that a shell or the simulator tells a <see cref="SwarmPeer"/>.</summary>
public abstract record SwarmPeerEvent
{
    private SwarmPeerEvent()
    {
    }

    /// <summary>
    /// What is in the target folder: told once, after hashing and before the hub's connection is used. Shares come with
    /// their origin; holdings cover own files, files received earlier, and chunks that a journal vouches for.
    /// </summary>
    /// <param name="Manifests">A manifest for each content of which there is a chunk here.</param>
    /// <param name="Shares">The names, by origin.</param>
    /// <param name="Holdings">The chunks that are here.</param>
    public sealed record FolderRead(
        ImmutableArray<Manifest> Manifests, ImmutableArray<MemberMessage.Share> Shares,
        ImmutableArray<Holding> Holdings) : SwarmPeerEvent;

    /// <summary>The hub's connection is up (again); nothing has been said on it yet.</summary>
    public sealed record HubConnected : SwarmPeerEvent;

    /// <summary>The hub's connection is down; the shell dials again with backoff.</summary>
    public sealed record HubLost : SwarmPeerEvent;

    /// <summary>The hub said something.</summary>
    /// <param name="Message">What.</param>
    public sealed record FromHub(HubMessage Message) : SwarmPeerEvent;

    /// <summary>A connection with another peer is up, whoever dialled; nothing has been said on it yet.</summary>
    /// <param name="Peer">The other peer.</param>
    public sealed record PeerConnected(PeerId Peer) : SwarmPeerEvent;

    /// <summary>The connection with another peer is down.</summary>
    /// <param name="Peer">The other peer.</param>
    public sealed record PeerLost(PeerId Peer) : SwarmPeerEvent;

    /// <summary>
    /// An attempt to dial another peer, at all its addresses, failed; the shell goes on trying with backoff.
    /// </summary>
    /// <param name="Peer">The other peer.</param>
    public sealed record DialFailed(PeerId Peer) : SwarmPeerEvent;

    /// <summary>Another peer said something.</summary>
    /// <param name="Peer">The other peer.</param>
    /// <param name="Message">What.</param>
    public sealed record FromPeer(PeerId Peer, PeerMessage Message) : SwarmPeerEvent;

    /// <summary>A chunk came, its hash was right, and it is stored.</summary>
    /// <param name="From">Who sent it.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record ChunkStored(PeerId From, ChunkRef Chunk) : SwarmPeerEvent;

    /// <summary>A chunk came whose hash was wrong; its bytes are gone.</summary>
    /// <param name="From">Who sent it.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record ChunkCorrupt(PeerId From, ChunkRef Chunk) : SwarmPeerEvent;

    /// <summary>A chunk has been handed to the link in full.</summary>
    /// <param name="To">Who gets it.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record UploadEnded(PeerId To, ChunkRef Chunk) : SwarmPeerEvent;

    /// <summary>A file here changed or vanished: its content cannot be served any more.</summary>
    /// <param name="Content">The content.</param>
    public sealed record ContentLost(ContentId Content) : SwarmPeerEvent;

    /// <summary>Time has passed; told about four times a second.</summary>
    public sealed record Tick : SwarmPeerEvent;

    /// <summary>The user wants the peer to stop.</summary>
    public sealed record Stop : SwarmPeerEvent;
}
