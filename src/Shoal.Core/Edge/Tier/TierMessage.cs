using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Edge.Tier;

/// <summary>What an origin, its edges and its clients say to each other.</summary>
public abstract record TierMessage
{
    private TierMessage()
    {
    }

    /// <summary>The first message to an origin: who is here.</summary>
    /// <param name="Role">What the sender is.</param>
    /// <param name="Name">Its name for people.</param>
    /// <param name="ListOrder">Of a client: whether its files start in the order of its list.</param>
    /// <param name="Capacity">Of an edge: what it holds at most, in bytes; of a client 0.</param>
    /// <param name="Endpoints">Of an edge: where clients can dial it, the best first.</param>
    public sealed record Attend(
        TierRole Role, string Name, ListOrder ListOrder, long Capacity, ImmutableArray<string> Endpoints) : TierMessage;

    /// <summary>To the origin: names that a client wants, behind those that it wanted before.</summary>
    /// <param name="Names">The names, in order.</param>
    public sealed record Want(ImmutableArray<EntryName> Names) : TierMessage;

    /// <summary>To the origin: the sender has said all that it holds, and, if it is a client, wants.</summary>
    public sealed record Ready : TierMessage;

    /// <summary>From the origin: contents that may come. Before anything else about them.</summary>
    /// <param name="Manifests">Their manifests.</param>
    public sealed record Describe(ImmutableArray<Manifest> Manifests) : TierMessage;

    /// <summary>From the origin: what is behind names that a client wants.</summary>
    /// <param name="Entries">The names and contents.</param>
    public sealed record Share(ImmutableArray<SharedEntry> Entries) : TierMessage;

    /// <summary>From the origin: names that it does not have, or no longer.</summary>
    /// <param name="Names">The names.</param>
    public sealed record Unknown(ImmutableArray<EntryName> Names) : TierMessage;

    /// <summary>
    /// From the origin: a transfer begins. Of a fill or a direct transfer the chunks come on this connection; of a
    /// delivery a client asks the edge for them.
    /// </summary>
    /// <param name="Kind">From where to where.</param>
    /// <param name="Content">What.</param>
    /// <param name="Peer">The other end: the origin, or of a delivery the edge.</param>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record Order(TransferKind Kind, ContentId Content, PeerId Peer, VirtualTime? At) : TierMessage;

    /// <summary>From the origin: a transfer to or from the receiver has ended, by the virtual clock.</summary>
    /// <param name="Kind">From where to where.</param>
    /// <param name="Content">What.</param>
    /// <param name="Peer">The other end.</param>
    /// <param name="At">When.</param>
    public sealed record Settle(TransferKind Kind, ContentId Content, PeerId Peer, VirtualTime At) : TierMessage;

    /// <summary>From the origin: the receiver is to hold, or wait for, a content no longer.</summary>
    /// <param name="Content">What.</param>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record GiveUp(ContentId Content, VirtualTime? At) : TierMessage;

    /// <summary>To the origin: all of a transfer is here and right.</summary>
    /// <param name="Kind">From where to where.</param>
    /// <param name="Content">What.</param>
    /// <param name="Peer">The other end.</param>
    public sealed record Whole(TransferKind Kind, ContentId Content, PeerId Peer) : TierMessage;

    /// <summary>To the origin: a transfer cannot be ended.</summary>
    /// <param name="Kind">From where to where.</param>
    /// <param name="Content">What.</param>
    /// <param name="Peer">The other end.</param>
    /// <param name="Fault">Why.</param>
    public sealed record Fail(TransferKind Kind, ContentId Content, PeerId Peer, TierFault Fault) : TierMessage;

    /// <summary>From the origin to a client: an edge is here, and is to be dialled; or it has gone.</summary>
    /// <param name="Peer">The edge.</param>
    /// <param name="Name">Its name for people.</param>
    /// <param name="Endpoints">Where, the best first; none: it has gone.</param>
    public sealed record Meet(PeerId Peer, string Name, ImmutableArray<string> Endpoints) : TierMessage;

    /// <summary>To the origin: a client wants all names like this, as <see cref="Want"/>.</summary>
    /// <param name="Glob">Of a name <c>*</c> is any characters, <c>?</c> is one.</param>
    public sealed record Match(string Glob) : TierMessage;

    /// <summary>
    /// To the origin: that was all that is wanted so far. From the origin: that was all about it; the client answers
    /// with what it has of it already, which brings the rest on its way.
    /// </summary>
    public sealed record Listed : TierMessage;

    /// <summary>From the origin: the receiver cannot take part; the connection closes.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refuse(string Reason) : TierMessage;

    /// <summary>From the origin: every client has everything.</summary>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record Finish(VirtualTime? At) : TierMessage;

    /// <summary>What peers say to each other: what they have, have got, ask for, and that they are there.</summary>
    /// <param name="Message">What.</param>
    public sealed record Said(PeerMessage Message) : TierMessage;
}

/// <summary>What somebody is in an edge tier.</summary>
public enum TierRole
{
    /// <summary>Has everything.</summary>
    Origin,

    /// <summary>A bounded cache near the clients.</summary>
    Edge,

    /// <summary>Fetches by a list.</summary>
    Client,
}
