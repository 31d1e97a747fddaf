using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>What a peer says to the hub about its swarm.</summary>
public abstract record MemberMessage
{
    private MemberMessage()
    {
    }

    /// <summary>The first message: who is here and wants to be in which swarm.</summary>
    /// <param name="Swarm">The swarm's name.</param>
    /// <param name="Peer">The peer's identity.</param>
    /// <param name="Name">The name that it would like; the hub adds a suffix on collision.</param>
    /// <param name="Endpoints">Where other peers can dial it, as <c>HOST:PORT</c>, the best first.</param>
    /// <param name="Capacity">What it declares of its links, in bytes per second.</param>
    /// <param name="Expect">How many members to wait for before the start, itself included; 0: none.</param>
    /// <param name="JoinOrder">Its place in the order of joining if it has one from before, else 0.</param>
    /// <param name="RunningFor">
    /// Time since it saw the start barrier open (the hub may have restarted); null: not yet.
    /// </param>
    /// <param name="FinishedAfter">Time from the opening to its last verified chunk; null: not complete yet.</param>
    public sealed record Join(
        string Swarm, PeerId Peer, string Name, ImmutableArray<string> Endpoints, DeclaredCapacity Capacity,
        int Expect, int JoinOrder, TimeSpan? RunningFor, TimeSpan? FinishedAfter) : MemberMessage
    {
        /// <summary>When its chunks go through the hub.</summary>
        public RelayUse Relay { get; init; }
    }

    /// <summary>
    /// Instead of a join: the sender only wants to see what the swarm has. It is told of the members present, their
    /// contents and names, and is no member.
    /// </summary>
    /// <param name="Swarm">The swarm's name.</param>
    public sealed record Look(string Swarm) : MemberMessage;

    /// <summary>Describes contents that the sender has in full or in part. Before anything else about them.</summary>
    /// <param name="Manifests">Their manifests.</param>
    public sealed record Describe(ImmutableArray<Manifest> Manifests) : MemberMessage;

    /// <summary>Names that all members shall end with.</summary>
    /// <param name="Origin">Whose names these are: the sender, or a peer from whom it once got them.</param>
    /// <param name="OriginName">That peer's name for people.</param>
    /// <param name="Entries">The names and what is behind them.</param>
    public sealed record Share(PeerId Origin, string OriginName, ImmutableArray<SharedEntry> Entries) : MemberMessage;

    /// <summary>What the sender has now of these contents.</summary>
    /// <param name="Holdings">A bitfield a content.</param>
    public sealed record Hold(ImmutableArray<Holding> Holdings) : MemberMessage;

    /// <summary>The sender has said all that it has and can take part.</summary>
    public sealed record Ready : MemberMessage;

    /// <summary>Chunks that the sender has verified and stored since.</summary>
    /// <param name="Chunks">The chunks.</param>
    public sealed record Have(ImmutableArray<ChunkRef> Chunks) : MemberMessage;

    /// <summary>The sender no longer has a content (its file changed or vanished).</summary>
    /// <param name="Content">The content.</param>
    public sealed record Lose(ContentId Content) : MemberMessage;

    /// <summary>Whether the sender has a connection with another member; said when that changes.</summary>
    /// <param name="Peer">The other member.</param>
    /// <param name="State">Whether it has, or could not get one.</param>
    public sealed record Reach(PeerId Peer, Reachability State) : MemberMessage;

    /// <summary>
    /// To the relay, which is one more peer: what is asked of it, and what of its own requests cannot be served.
    /// </summary>
    /// <param name="Message">What.</param>
    public sealed record ToRelay(PeerMessage Message) : MemberMessage;

    /// <summary>
    /// What an order of the hub came to. That to an upload is the chunk itself; this is said of one that cannot be.
    /// </summary>
    /// <param name="Kind">What was ordered.</param>
    /// <param name="Chunk">The chunk that it was about.</param>
    /// <param name="Begin">When it began, by the system clock.</param>
    /// <param name="Outcome">What it came to.</param>
    public sealed record Answer(
        OccupationKind Kind, ChunkRef Chunk, VirtualTime Begin, OrderOutcome Outcome) : MemberMessage;

    /// <summary>What the sender has counted and measured; sent about once a second.</summary>
    /// <param name="Tally">The figures.</param>
    public sealed record Count(PeerTally Tally) : MemberMessage;

    /// <summary>
    /// Instead of a join: the sender is the machine of a directory's user. It says what the user offers, and hears what
    /// of it is wanted.
    /// </summary>
    /// <param name="User">The user, who is connected to the directory from the same address.</param>
    /// <param name="Port">Where the user's machine listens, as the directory knows it.</param>
    public sealed record Enlist(string User, int Port) : MemberMessage;

    /// <summary>The user offers something; what it offered under the same name before counts no longer.</summary>
    /// <param name="File">The name of the publication.</param>
    /// <param name="Id">What it is.</param>
    /// <param name="Bytes">How long it is, all its files together.</param>
    public sealed record Offer(string File, OfferId Id, long Bytes) : MemberMessage;

    /// <summary>The user offers something no longer.</summary>
    /// <param name="File">The name of the publication.</param>
    public sealed record Withdraw(string File) : MemberMessage;

    /// <summary>
    /// Instead of a join, and again as often as the sender likes: it wants what a user offers. Answered with
    /// <see cref="HubMessage.Found"/> or <see cref="HubMessage.Seen"/>.
    /// </summary>
    /// <param name="User">Whose.</param>
    /// <param name="File">The name of the publication.</param>
    public sealed record Seek(string User, string File) : MemberMessage;

    /// <summary>The sender is there; renews its lease. Any other message does too.</summary>
    public sealed record Alive : MemberMessage;

    /// <summary>The last message: the sender goes, on purpose.</summary>
    public sealed record Leave : MemberMessage;
}

/// <summary>What became of an order.</summary>
public enum OrderOutcome
{
    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>It could not be: the chunk is not there, or was wrong.</summary>
    Failed,
}

/// <summary>Whether a peer has a connection with another one.</summary>
public enum Reachability
{
    /// <summary>It has one.</summary>
    Direct,

    /// <summary>It dialled and could not get one, or lost it.</summary>
    Unreachable,
}

/// <summary>Figures that a peer keeps of itself since it joined.</summary>
/// <param name="BytesSent">Payload sent to other peers, directly or through the hub, in bytes.</param>
/// <param name="BytesReceived">
/// Payload received from other peers, directly or through the hub, and kept, in bytes.
/// </param>
/// <param name="BytesWasted">Payload received that was already there, in bytes.</param>
/// <param name="ChunksRejected">Chunks received whose hash was wrong.</param>
/// <param name="UpRate">
/// Best upload rate over a second with a backlogged queue, bytes per second; 0: not known yet.
/// </param>
/// <param name="DownRate">Best download rate over a second, bytes per second; 0: not known yet.</param>
/// <param name="RelayedSent">What of <paramref name="BytesSent"/> went to the hub, in bytes.</param>
/// <param name="RelayedReceived">What of <paramref name="BytesReceived"/> came from the hub, in bytes.</param>
public readonly record struct PeerTally(
    long BytesSent, long BytesReceived, long BytesWasted, long ChunksRejected, double UpRate, double DownRate,
    long RelayedSent = 0, long RelayedReceived = 0);
