using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay.Star;

/// <summary>A member's place in a run under the system clock: it keeps it when it goes and comes back.</summary>
internal sealed class StarPlace(int index, Member member, Bitfield unwanted)
{
    /// <summary>Counted from 0, in the order of joining.</summary>
    public int Index { get; } = index;

    public Member Member { get; } = member;

    /// <summary>Its connection; null: it is gone, or back and not ready yet.</summary>
    public LinkId? Link { get; set; }

    /// <summary>Chunks that it neither has nor wants, because their file changed or vanished.</summary>
    public Bitfield Unwanted { get; } = unwanted;

    /// <summary>What it was told to carry out last.</summary>
    public Occupation? Current { get; set; }

    /// <summary>What that came to; null: it has not answered.</summary>
    public OrderOutcome? Outcome { get; set; }

    /// <summary>When it was told, by the clock on the wall.</summary>
    public TimeSpan ToldAt { get; set; }

    /// <summary>How many wrong chunks it has uploaded.</summary>
    public int WrongChunks { get; set; }

    /// <summary>What it has got since the tracker was last told.</summary>
    public List<ChunkRef> Gained { get; } = [];
}
