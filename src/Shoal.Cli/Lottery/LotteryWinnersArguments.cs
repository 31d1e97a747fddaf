using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery winners</c> was told.</summary>
/// <param name="Store">Where the bets lie.</param>
/// <param name="Draw">The draw.</param>
/// <param name="Agency">The one agency that is asked about; null: all.</param>
/// <param name="IsJson">Whether a program reads the answer.</param>
internal sealed record LotteryWinnersArguments(StoreChoice Store, DrawName Draw, AgencyId? Agency, bool IsJson);
