using System.Collections.Immutable;

namespace Shoal.Hosts.Agency;

/// <summary>How an agency ended.</summary>
public abstract record AgencyResult
{
    private AgencyResult()
    {
    }

    /// <summary>All good bets are stored and the draw is held.</summary>
    /// <param name="Documents">The documents of its winners, in the order in which their bets were stored.</param>
    /// <param name="Bets">Its bets.</param>
    /// <param name="BadLines">Lines that are no bets and were not sent.</param>
    public sealed record Drawn(ImmutableArray<string> Documents, long Bets, long BadLines) : AgencyResult;

    /// <summary>It could not go on.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="StoredBets">Bets that the hub has all the same.</param>
    public sealed record GaveUp(string Reason, long StoredBets) : AgencyResult;
}
