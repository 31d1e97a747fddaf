using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery token</c>.</summary>
internal static class LotteryTokenRun
{
    public static async Task<int> RunAsync(
        LotteryTokenArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        bool isNew = arguments.Store.IsAbsent;
        await using LotteryRecords records = await arguments.Store.OpenAsync(cancellation);
        AgencyTokens tokens = await AgencyTokens.OpenAsync(records, cancellation);
        screen.Output.WriteLine(tokens.Of(arguments.Agency));
        if (isNew)
        {
            // A name that is misspelled would make tokens that no hub knows; the output is the token alone.
            screen.Error.WriteLine(
                $"shoal: there was no lottery in {arguments.Store} yet; the token is of the one that is made there "
                + "now.");
        }

        return ExitCode.Done;
    }
}
