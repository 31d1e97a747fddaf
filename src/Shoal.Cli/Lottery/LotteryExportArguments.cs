using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery export</c> was told.</summary>
/// <param name="Data">The folder of the store.</param>
/// <param name="Draw">The draw.</param>
/// <param name="CsvFile">The file to write; null: the rows are printed.</param>
internal sealed record LotteryExportArguments(string Data, DrawName Draw, string? CsvFile);
