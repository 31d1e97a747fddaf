using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery export</c>.</summary>
internal static class LotteryExportRun
{
    public static async Task<int> RunAsync(
        LotteryExportArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LotteryRecords records = await arguments.Store.OpenExistingAsync(cancellation);
        if (await records.StandingAsync(arguments.Draw, cancellation) is null)
        {
            throw arguments.Store.Failure($"has no draw '{arguments.Draw}'.");
        }

        if (arguments.CsvFile is null)
        {
            await using Stream output = Console.OpenStandardOutput();
            await records.ExportAsync(arguments.Draw, output, cancellation);
            return ExitCode.Done;
        }

        long bets;
        await using (var file = new FileStream(arguments.CsvFile, FileMode.Create, FileAccess.Write))
        {
            bets = await records.ExportAsync(arguments.Draw, file, cancellation);
        }

        screen.Output.WriteLine($"{bets} bets in {arguments.CsvFile}");
        return ExitCode.Done;
    }
}
