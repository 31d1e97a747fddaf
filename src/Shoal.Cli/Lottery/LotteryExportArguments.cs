using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery export</c> was told.</summary>
/// <param name="Store">Where the bets lie.</param>
/// <param name="Draw">The draw.</param>
/// <param name="CsvFile">The file to write; null: the rows are printed.</param>
internal sealed record LotteryExportArguments(StoreChoice Store, DrawName Draw, string? CsvFile);
