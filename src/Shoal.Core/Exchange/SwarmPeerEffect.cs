using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What a <see cref="SwarmPeer"/> wants done.</summary>
public abstract record SwarmPeerEffect
{
    private SwarmPeerEffect()
    {
    }

    /// <summary>
    /// Tell the hub. Dropped if its connection is down: the machine says everything again on the next.
    /// </summary>
    /// <param name="Message">What.</param>
    public sealed record ToHub(MemberMessage Message) : SwarmPeerEffect;

    /// <summary>Tell another peer.</summary>
    /// <param name="Peer">Whom.</param>
    /// <param name="Message">What.</param>
    public sealed record ToPeer(PeerId Peer, PeerMessage Message) : SwarmPeerEffect;

    /// <summary>Open a connection with another peer; the shell retries while the peer is on the roster.</summary>
    /// <param name="Member">Whom, and where.</param>
    public sealed record Dial(Member Member) : SwarmPeerEffect;

    /// <summary>Close the connection with another peer, or stop dialling it.</summary>
    /// <param name="Peer">Whose.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Disconnect(PeerId Peer, DisconnectReason Reason) : SwarmPeerEffect;

    /// <summary>
    /// Send a chunk behind the frames already on their way to that peer, then tell <c>UploadEnded</c>.
    /// </summary>
    /// <param name="To">Whom.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Upload(PeerId To, ChunkRef Chunk) : SwarmPeerEffect;

    /// <summary>
    /// Make room for a content that will come. Effects are carried out in order, so this precedes its first request.
    /// </summary>
    /// <param name="Manifest">The content.</param>
    public sealed record Prepare(Manifest Manifest) : SwarmPeerEffect;

    /// <summary>Every chunk of a content is stored.</summary>
    /// <param name="Content">The content.</param>
    public sealed record ContentComplete(ContentId Content) : SwarmPeerEffect;

    /// <summary>These names shall exist here once their contents are complete (folders at once).</summary>
    /// <param name="Share">The names, with their origin.</param>
    public sealed record Place(HubMessage.Share Share) : SwarmPeerEffect;

    /// <summary>The start barrier is open: the clock of the run starts.</summary>
    public sealed record Started : SwarmPeerEffect;

    /// <summary>Something that people and logs want to know; never a decision.</summary>
    /// <param name="Note">What.</param>
    public sealed record Tell(SwarmNote Note) : SwarmPeerEffect;

    /// <summary>The machine is done; nothing comes after this.</summary>
    /// <param name="Outcome">How it ended.</param>
    public sealed record End(SwarmOutcome Outcome) : SwarmPeerEffect;
}

/// <summary>Why a connection with a peer is closed.</summary>
public enum DisconnectReason
{
    /// <summary>The peer is not (or no longer) a member, or not a neighbour under the plan.</summary>
    NotNeeded,

    /// <summary>It sent three chunks whose hash was wrong.</summary>
    CorruptChunks,

    /// <summary>It sent a bitfield of the wrong length.</summary>
    WrongBitfield,

    /// <summary>It named a chunk that does not exist.</summary>
    NoSuchChunk,

    /// <summary>It had more requests open than the limit.</summary>
    TooManyRequests,

    /// <summary>Nothing came from it for longer than the silence limit.</summary>
    Silent,

    /// <summary>It broke the protocol in another way.</summary>
    ProtocolError,

    /// <summary>The run has ended here.</summary>
    Finished,
}

/// <summary>How a peer's part in a swarm ended.</summary>
public abstract record SwarmOutcome
{
    private SwarmOutcome()
    {
    }

    /// <summary>Everything is here.</summary>
    /// <param name="Report">The run's report, if the hub gave one.</param>
    /// <param name="Vanished">Members that went before they had everything.</param>
    public sealed record Complete(ExchangeReport? Report, ImmutableArray<Member> Vanished) : SwarmOutcome;

    /// <summary>Some chunks are with nobody who is here.</summary>
    /// <param name="Report">The run's report, if the hub gave one.</param>
    /// <param name="Missing">What is missing.</param>
    public sealed record Incomplete(ExchangeReport? Report, ImmutableArray<MissingContent> Missing) : SwarmOutcome;

    /// <summary>The hub refused the join.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Reason) : SwarmOutcome;

    /// <summary>The user stopped it before it had everything.</summary>
    /// <param name="MissingBytes">How many bytes were still to come.</param>
    public sealed record Stopped(long MissingBytes) : SwarmOutcome;
}

/// <summary>A content of which chunks are missing at the end.</summary>
/// <param name="Content">The content.</param>
/// <param name="MissingChunks">How many chunks.</param>
/// <param name="MissingBytes">How many bytes.</param>
/// <param name="Names">The names that it was to have.</param>
/// <param name="Holders">Members who were known to have chunks of it, now gone; the names for people.</param>
public sealed record MissingContent(
    ContentId Content, int MissingChunks, long MissingBytes, ImmutableArray<EntryName> Names,
    ImmutableArray<string> Holders);
