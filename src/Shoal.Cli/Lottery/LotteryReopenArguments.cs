using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery reopen</c> was told.</summary>
/// <param name="Store">Where the bets lie.</param>
/// <param name="Draw">The draw.</param>
internal sealed record LotteryReopenArguments(StoreChoice Store, DrawName Draw);
