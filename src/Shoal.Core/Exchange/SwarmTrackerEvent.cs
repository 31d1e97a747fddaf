using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>Names a connection between hub and member, for as long as it lasts. Never reused.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct LinkId(long Value);

/// <summary>A fact that a shell or the simulator tells a <see cref="SwarmTracker"/>.</summary>
public abstract record SwarmTrackerEvent
{
    private SwarmTrackerEvent()
    {
    }

    /// <summary>A member said something. The first message on a link must be a join.</summary>
    /// <param name="Link">The connection.</param>
    /// <param name="Message">What.</param>
    public sealed record FromMember(LinkId Link, MemberMessage Message) : SwarmTrackerEvent;

    /// <summary>A connection is down.</summary>
    /// <param name="Link">The connection.</param>
    public sealed record LinkLost(LinkId Link) : SwarmTrackerEvent;

    /// <summary>
    /// A chunk that the relay asked for came from a member, and its hash was right. Whoever tells keeps its bytes until
    /// <see cref="SwarmTrackerEffect.Release"/>.
    /// </summary>
    /// <param name="Link">The connection.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record ChunkCame(LinkId Link, ChunkRef Chunk) : SwarmTrackerEvent;

    /// <summary>A chunk came from a member whose hash was wrong; its bytes are gone.</summary>
    /// <param name="Link">The connection.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record ChunkCorrupt(LinkId Link, ChunkRef Chunk) : SwarmTrackerEvent;

    /// <summary>A chunk has been handed to a member's link in full.</summary>
    /// <param name="Link">The connection.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record ChunkSent(LinkId Link, ChunkRef Chunk) : SwarmTrackerEvent;

    /// <summary>The directory says that a user offers something no longer. Only an offer book wants to know.</summary>
    /// <param name="User">Who.</param>
    /// <param name="File">What; null: anything, because the user is not connected any more.</param>
    public sealed record Withdrawn(string User, string? File) : SwarmTrackerEvent;

    /// <summary>
    /// A member of a swarm is a guest of the directory: what others want of it is said to it on its swarm's connection,
    /// on which somebody else has a lease. Only an offer book wants to know.
    /// </summary>
    /// <param name="Link">That connection.</param>
    /// <param name="User">The guest's name as a user.</param>
    public sealed record Lent(LinkId Link, string User) : SwarmTrackerEvent;

    /// <summary>What a guest of the directory offers. Only an offer book wants to know.</summary>
    /// <param name="Link">Its connection.</param>
    /// <param name="Offers">The offers; those of the same names are replaced.</param>
    public sealed record Lending(LinkId Link, ImmutableArray<MemberMessage.Offer> Offers) : SwarmTrackerEvent;

    /// <summary>Time has passed; told about four times a second.</summary>
    public sealed record Tick : SwarmTrackerEvent;
}

/// <summary>What a <see cref="SwarmTracker"/> wants done.</summary>
public abstract record SwarmTrackerEffect
{
    private SwarmTrackerEffect()
    {
    }

    /// <summary>Tell a member.</summary>
    /// <param name="Link">On which connection.</param>
    /// <param name="Message">What.</param>
    public sealed record ToMember(LinkId Link, HubMessage Message) : SwarmTrackerEffect;

    /// <summary>Send a chunk that the relay keeps, then tell <c>ChunkSent</c>.</summary>
    /// <param name="Link">On which connection.</param>
    /// <param name="Chunk">The chunk.</param>
    public sealed record SendChunk(LinkId Link, ChunkRef Chunk) : SwarmTrackerEffect;

    /// <summary>The relay keeps a chunk no longer.</summary>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Release(ChunkRef Chunk) : SwarmTrackerEffect;

    /// <summary>Close a connection.</summary>
    /// <param name="Link">Which one.</param>
    /// <param name="Reason">Why, for the log.</param>
    /// <param name="IsFault">Whether something was wrong; false: the member wanted to go.</param>
    public sealed record Disconnect(LinkId Link, string Reason, bool IsFault = true) : SwarmTrackerEffect;

    /// <summary>Something that the hub's log wants to know; never a decision.</summary>
    /// <param name="Note">What.</param>
    public sealed record Tell(SwarmNote Note) : SwarmTrackerEffect;

    /// <summary>The start barrier opened.</summary>
    /// <param name="Members">How many members are in.</param>
    public sealed record Started(int Members) : SwarmTrackerEffect;

    /// <summary>Every member present has all that there is.</summary>
    /// <param name="Report">What it took.</param>
    public sealed record Finished(ExchangeReport Report) : SwarmTrackerEffect;

    /// <summary>The last member has gone; the swarm can be forgotten.</summary>
    public sealed record Ended : SwarmTrackerEffect;
}
