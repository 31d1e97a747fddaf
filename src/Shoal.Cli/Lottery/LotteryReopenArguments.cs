using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery reopen</c> was told.</summary>
/// <param name="Data">The folder of the store.</param>
/// <param name="Draw">The draw.</param>
internal sealed record LotteryReopenArguments(string Data, DrawName Draw);
