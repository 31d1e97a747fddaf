using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery reopen</c>.</summary>
internal static class LotteryReopenRun
{
    public static async Task<int> RunAsync(
        LotteryReopenArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LotteryRecords records = await arguments.Store.OpenExistingAsync(cancellation);
        if (await records.ReopenAsync(arguments.Draw, cancellation) is not { } revision)
        {
            throw arguments.Store.Failure(
                $"has no draw '{arguments.Draw}' that was held; nothing is changed.");
        }

        screen.Output.WriteLine($"draw {arguments.Draw} is open again, revision {revision}");
        return ExitCode.Done;
    }
}
