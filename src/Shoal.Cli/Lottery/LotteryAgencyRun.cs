using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Core.Lottery;
using Shoal.Hosts.Agency;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery agency</c>.</summary>
internal static class LotteryAgencyRun
{
    public static async Task<int> RunAsync(
        LotteryAgencyArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.LogFile);
        ILogger logger = log.Factory.CreateLogger("agency");
        screen.Settings.Log(
            logger, ("client_id", $"{arguments.Agency}"), ("server_address", $"{arguments.Hub}"));
        var options = new AgencyOptions
        {
            Agency = arguments.Agency,
            OpenBets = arguments.Bets.Open,
            Hub = arguments.Hub,
            Token = arguments.Token,
            Draw = arguments.Draw,
            Batch = arguments.Batch,
            RejectsFile = arguments.RejectsFile,
            Policy = new AgencyPolicy { Window = arguments.Window, LongestLook = arguments.LongestLook },
        };
        await (screen.Leash?.Sign ?? Task.CompletedTask).WaitAsync(cancellation);
        var display = new AgencyDisplay(log.Console, TimeProvider.System);
        AgencyResult result;
        try
        {
            result = await AgencyHost.RunAsync(options, TimeProvider.System, logger, display.Show, cancellation);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new WorkFailedException(
                $"agency {arguments.Agency} was stopped before it knew its winners. What {arguments.Hub} has acked is "
                + "stored there; run the same command again: it goes on from there.", e);
        }
        finally
        {
            display.End();
        }

        return Conclude(result, arguments, screen);
    }

    private static int Conclude(AgencyResult result, LotteryAgencyArguments arguments, CommandScreen screen)
    {
        switch (result)
        {
            case AgencyResult.GaveUp gaveUp:
                throw new WorkFailedException(
                    $"agency {arguments.Agency} has {gaveUp.StoredBets} bets at {arguments.Hub} and cannot go on: "
                    + $"{gaveUp.Reason}. When that is mended, run the same command again: it goes on from there.");
            case AgencyResult.Drawn drawn:
                foreach (string document in drawn.Documents)
                {
                    screen.Output.WriteLine(document);
                }

                return drawn.BadLines == 0 || arguments.RejectsFile is not null
                    ? ExitCode.Done
                    : throw new WorkFailedException(
                        $"--bets: {drawn.BadLines} lines of {arguments.Bets.Name} are no bets and were not sent; the "
                        + "log says which. With --rejects FILE they are set aside.");
            default:
                throw new UnreachableException();
        }
    }
}
