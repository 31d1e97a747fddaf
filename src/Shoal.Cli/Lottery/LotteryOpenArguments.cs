using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery open</c> was told.</summary>
/// <param name="Store">Where the bets lie.</param>
/// <param name="Terms">The draw to make.</param>
internal sealed record LotteryOpenArguments(StoreChoice Store, DrawTerms Terms);
