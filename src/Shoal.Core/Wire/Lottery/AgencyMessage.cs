using System.Collections.Immutable;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>What an agency says in the text protocol.</summary>
public abstract record AgencyMessage
{
    private AgencyMessage()
    {
    }

    /// <summary>A batch; all its bets are of one agency.</summary>
    /// <param name="Agency">The agency.</param>
    /// <param name="List">The bets, at least one.</param>
    /// <param name="Hash">Of the message's bytes between <c>B</c> and <c>;</c>.</param>
    public sealed record Batch(AgencyId Agency, ImmutableArray<Bet> List, BatchHash Hash) : AgencyMessage;

    /// <summary>No more bets come.</summary>
    /// <param name="Agency">The agency.</param>
    public sealed record Close(AgencyId Agency) : AgencyMessage;

    /// <summary>It asks for its winners.</summary>
    /// <param name="Agency">The agency.</param>
    public sealed record Query(AgencyId Agency) : AgencyMessage;

    /// <summary>A message that ended where it should and cannot be read for certain.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="IsBatch">Whether it would have been a batch.</param>
    public sealed record Unreadable(string Reason, bool IsBatch) : AgencyMessage;
}
