using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery token</c>.</summary>
internal static class LotteryTokenRun
{
    public static async Task<int> RunAsync(
        LotteryTokenArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LotteryRecords records = await arguments.Store.OpenAsync(cancellation);
        AgencyTokens tokens = await AgencyTokens.OpenAsync(records, cancellation);
        screen.Output.WriteLine(tokens.Of(arguments.Agency));
        return ExitCode.Done;
    }
}
