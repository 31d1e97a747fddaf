using System.Collections.Immutable;

namespace Shoal.Core.Lottery;

/// <summary>What is settled before a draw takes its first bet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Roster">The agencies that take part, each once.</param>
/// <param name="WinningNumber">The number that wins, from 0 to <see cref="BetRules.HighestNumber"/>.</param>
public sealed record DrawTerms(DrawName Name, ImmutableArray<AgencyId> Roster, int WinningNumber)
{
    /// <summary>The number that wins unless another is named.</summary>
    public const int DefaultWinningNumber = 7574;

    /// <summary>Agencies on a roster at most.</summary>
    public const int LargestRoster = 10_000;
}
