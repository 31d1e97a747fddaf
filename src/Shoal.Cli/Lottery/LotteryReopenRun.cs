using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery reopen</c>.</summary>
internal static class LotteryReopenRun
{
    public static async Task<int> RunAsync(
        LotteryReopenArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LotteryRecords records = LotteryRecords.OpenExisting(arguments.Data);
        if (await records.ReopenAsync(arguments.Draw, cancellation) is not { } revision)
        {
            throw new WorkFailedException(
                $"--draw: {arguments.Data} has no draw '{arguments.Draw}' that was held; nothing is changed.");
        }

        screen.Output.WriteLine($"draw {arguments.Draw} is open again, revision {revision}");
        return ExitCode.Done;
    }
}
