using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery token</c> was told.</summary>
/// <param name="Store">Where the bets lie.</param>
/// <param name="Agency">Whose token it is to print.</param>
internal sealed record LotteryTokenArguments(StoreChoice Store, AgencyId Agency);
