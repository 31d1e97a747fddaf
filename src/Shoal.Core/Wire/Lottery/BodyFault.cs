using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>Why the body of a request is no batch.</summary>
/// <param name="Bet">The bad bet, from 1; null: the body cannot be taken apart.</param>
/// <param name="Field">Its first bad field; null: it cannot be taken apart.</param>
/// <param name="Reason">What is wrong, for people.</param>
public sealed record BodyFault(int? Bet, BetField? Field, string Reason)
{
    /// <summary>All of it in a sentence.</summary>
    public override string ToString() => Bet is { } bet ? $"bet {bet}: {Reason}" : Reason;
}
