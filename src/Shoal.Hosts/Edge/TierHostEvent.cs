using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;

namespace Shoal.Hosts.Edge;

/// <summary>What comes to the loop of an origin, an edge or a client.</summary>
internal abstract record TierHostEvent
{
    private TierHostEvent()
    {
    }

    /// <summary>A connection is up and introduced.</summary>
    public sealed record LinkUp(TierLink Link) : TierHostEvent;

    /// <summary>A connection is down.</summary>
    public sealed record LinkDown(TierLink Link) : TierHostEvent;

    /// <summary>Somebody said something.</summary>
    public sealed record Heard(TierLink Link, TierMessage Message) : TierHostEvent;

    /// <summary>A chunk is verified and stored.</summary>
    public sealed record Stored(TierLink Link, ChunkRef Chunk) : TierHostEvent;

    /// <summary>A chunk came whose hash was wrong.</summary>
    public sealed record Corrupt(TierLink Link, ChunkRef Chunk) : TierHostEvent;

    /// <summary>A chunk that was asked for came past the shelf, in a pooled buffer; null: its hash was wrong.</summary>
    public sealed record Landed(ChunkRef Chunk, int Length, byte[]? Bytes) : TierHostEvent;

    /// <summary>A chunk could not be stored.</summary>
    public sealed record Unstored(TierLink Link, ChunkRef Chunk, string Reason) : TierHostEvent;

    /// <summary>A content that was being sent is not here any more as it was.</summary>
    public sealed record SourceLost(ContentId Content) : TierHostEvent;

    /// <summary>An edge could not be dialled.</summary>
    public sealed record Undialled(Shoal.Core.Roster.PeerId Peer) : TierHostEvent;

    /// <summary>A fact for the tier from one of the host's own tasks.</summary>
    public sealed record Fact(TierEvent Event) : TierHostEvent;

    /// <summary>Something that the host put off; done by the loop.</summary>
    public sealed record Work(Func<ValueTask> Do) : TierHostEvent
    {
        /// <summary>Work that is done at once.</summary>
        public static Work Of(Action act) => new(() =>
        {
            act();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>A quarter of a second has passed.</summary>
    public sealed record Tick : TierHostEvent;
}
