using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>What the hub says to a member of a swarm.</summary>
public abstract record HubMessage
{
    private HubMessage()
    {
    }

    /// <summary>The answer to a join: the receiver is a member now.</summary>
    /// <param name="You">The receiver as the roster knows it, with its final name and join order.</param>
    public sealed record Welcome(Member You) : HubMessage;

    /// <summary>The answer to a join that cannot be; the connection closes.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refuse(string Reason) : HubMessage;

    /// <summary>A member is here: said of every member to every other, also when it comes back.</summary>
    /// <param name="Member">The member.</param>
    public sealed record Joined(Member Member) : HubMessage;

    /// <summary>A member has gone.</summary>
    /// <param name="Peer">The member.</param>
    /// <param name="Departure">How it went, and whether it had everything by then.</param>
    public sealed record Gone(PeerId Peer, Departure Departure) : HubMessage;

    /// <summary>Contents of the swarm. Before anything else about them.</summary>
    /// <param name="Manifests">Their manifests.</param>
    public sealed record Describe(ImmutableArray<Manifest> Manifests) : HubMessage;

    /// <summary>Names that the receiver shall end with.</summary>
    /// <param name="Origin">Whose names these are.</param>
    /// <param name="OriginName">That peer's name for people.</param>
    /// <param name="OriginOrder">That peer's place in the order of joining: the lower one's name wins a clash.</param>
    /// <param name="Entries">The names and what is behind them.</param>
    public sealed record Share(
        PeerId Origin, string OriginName, int OriginOrder, ImmutableArray<SharedEntry> Entries) : HubMessage;

    /// <summary>Says who is the owner (the only first holder) of contents; said again when that changes.</summary>
    /// <param name="Owner">The owner; null: these contents have several holders, or none.</param>
    /// <param name="Contents">The contents.</param>
    public sealed record Own(PeerId? Owner, ImmutableArray<ContentId> Contents) : HubMessage;

    /// <summary>Nobody present has this content any more and its owner withdrew it: it is wanted no longer.</summary>
    /// <param name="Content">The content.</param>
    /// <param name="By">Who withdrew it.</param>
    public sealed record Lost(ContentId Content, PeerId By) : HubMessage;

    /// <summary>The start barrier is open.</summary>
    public sealed record Start : HubMessage;

    /// <summary>Who distributes how much from now on. Requests in flight finish under the old plan.</summary>
    /// <param name="Plan">The plan.</param>
    public sealed record Follow(DistributionPlan Plan) : HubMessage;

    /// <summary>
    /// How far the swarm is; sent when it changes, at most about once a second but for its last word.
    /// </summary>
    /// <param name="Progress">The state of the swarm.</param>
    public sealed record Advance(SwarmProgress Progress) : HubMessage;

    /// <summary>The run is over as far as the members present are concerned: every one has all that there is.</summary>
    /// <param name="Report">What the run took beside its lower bound.</param>
    public sealed record Finished(ExchangeReport Report) : HubMessage;

    /// <summary>The end of the answer to a look: that was all.</summary>
    public sealed record Seen : HubMessage;

    /// <summary>Another member cannot dial the receiver, which is to try the other way round.</summary>
    /// <param name="Peer">The member to dial.</param>
    public sealed record Call(PeerId Peer) : HubMessage;

    /// <summary>
    /// From the relay, which is one more peer: what can be had from it, and what it asks for on behalf of others.
    /// </summary>
    /// <param name="Message">What.</param>
    public sealed record FromRelay(PeerMessage Message) : HubMessage;

    /// <summary>
    /// Behind the welcome, where the hub keeps the system clock: it orders every transfer, and nobody asks on its own.
    /// </summary>
    /// <param name="Members">With how many members the clock starts.</param>
    public sealed record Clock(int Members) : HubMessage;

    /// <summary>Carry out an occupation of your link, and answer it: an upload with the chunk itself.</summary>
    /// <param name="Kind">What it is. Behind the order for a delivery the chunk comes.</param>
    /// <param name="Chunk">Which chunk it is about.</param>
    /// <param name="File">The number of its file, from 1.</param>
    /// <param name="Requester">Who gets the chunk, members counted from 1 in the order of joining.</param>
    /// <param name="Holder">Who sends it, counted alike; 0: that is not decided yet.</param>
    /// <param name="Begin">When it begins, by the system clock.</param>
    /// <param name="End">When it will have ended.</param>
    public sealed record Order(
        OccupationKind Kind, ChunkRef Chunk, int File, int Requester, int Holder, VirtualTime Begin,
        VirtualTime End) : HubMessage;

    /// <summary>What a run took by the system clock; before <see cref="Finished"/>.</summary>
    /// <param name="Reading">The figures.</param>
    public sealed record Clocked(ClockReading Reading) : HubMessage;

    /// <summary>Somebody wants what the user offers: the machine is to be in the swarm of the offer.</summary>
    /// <param name="Offer">What.</param>
    public sealed record Wanted(OfferId Offer) : HubMessage;

    /// <summary>
    /// The answer to <see cref="MemberMessage.Seek"/>; <see cref="Seen"/> in its place: nobody offers it.
    /// </summary>
    /// <param name="Offer">What it is.</param>
    /// <param name="Bytes">How long it is, all its files together.</param>
    /// <param name="Sources">How many users that are here offer the same.</param>
    public sealed record Found(OfferId Offer, long Bytes, int Sources) : HubMessage;

    /// <summary>
    /// The hub's directory will list the member and what it shares, so that users fetch it with programs of any make.
    /// </summary>
    public sealed record Listed : HubMessage;

    /// <summary>The hub is there; sent when there was nothing else to say for a while.</summary>
    public sealed record Alive : HubMessage;
}

/// <summary>How a member went.</summary>
public enum Departure
{
    /// <summary>It said so.</summary>
    Left,

    /// <summary>Its connection or lease ended without a word; it had every chunk of the swarm.</summary>
    VanishedComplete,

    /// <summary>Its connection or lease ended without a word, before it had everything.</summary>
    VanishedIncomplete,
}

/// <summary>What a run took by the system clock, beside the least that it could take.</summary>
/// <param name="Makespan">When the last occupation ended.</param>
/// <param name="LowerBound">The whole-chunk bound; zero where members went, so that there is none.</param>
/// <param name="MeanChunk">From the start of a request to what finishes it, on average over all members.</param>
public sealed record ClockReading(VirtualTime Makespan, VirtualTime LowerBound, VirtualTime MeanChunk)
{
    /// <summary>Makespan over lower bound; null when there is none.</summary>
    public double? Ratio =>
        LowerBound == VirtualTime.Zero ? null : (double)Makespan.Nanoseconds / LowerBound.Nanoseconds;
}

/// <summary>How far a swarm is.</summary>
/// <param name="HeldBytes">Wanted bytes that the members present already have, summed over them.</param>
/// <param name="TotalBytes">Bytes of all contents times members present.</param>
/// <param name="CompleteMembers">How many members present have every content.</param>
/// <param name="PresentMembers">How many members are present.</param>
/// <param name="IsSettled">Whether every member present has every chunk that any of them has.</param>
public readonly record struct SwarmProgress(
    long HeldBytes, long TotalBytes, int CompleteMembers, int PresentMembers, bool IsSettled);
