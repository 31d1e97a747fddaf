using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery winners</c>.</summary>
internal static class LotteryWinnersRun
{
    public static async Task<int> RunAsync(
        LotteryWinnersArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LotteryRecords records = await arguments.Store.OpenExistingAsync(cancellation);
        DrawStanding standing = await records.StandingAsync(arguments.Draw, cancellation)
            ?? throw arguments.Store.Failure($"has no draw '{arguments.Draw}'.");
        if (standing.State != DrawState.Held)
        {
            int open = standing.Agencies.Count(agency => !agency.IsClosed);
            throw arguments.Store.Failure(
                $"has the draw '{arguments.Draw}' open: {open} of {standing.Agencies.Length} agencies have "
                + "not closed.");
        }

        AgencySnapshot[] asked =
            [.. standing.Agencies.Where(one => arguments.Agency is null || one.Agency == arguments.Agency)];
        if (asked.Length == 0)
        {
            throw arguments.Store.Failure(
                $"has the draw '{arguments.Draw}', and {LotteryRules.NotOnRoster(arguments.Agency!.Value)}.");
        }

        var told = new List<AgencyWinners>();
        foreach (AgencySnapshot one in asked)
        {
            WinnersAnswer answer = await records.WinnersAsync(arguments.Draw, one.Agency, cancellation);
            told.Add(new AgencyWinners(
                one.Agency.Value, one.Bets, answer is WinnersAnswer.Held held ? held.Documents : []));
        }

        Print(new WinnersDocument(arguments.Draw.Value, standing.Revision, told), arguments.IsJson, screen.Output);
        return ExitCode.Done;
    }

    private static void Print(WinnersDocument winners, bool isJson, TextWriter output)
    {
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(winners, WinnersJson.Default.WinnersDocument));
            return;
        }

        foreach (AgencyWinners agency in winners.Agencies)
        {
            foreach (string document in agency.Documents)
            {
                output.WriteLine($"{agency.Agency},{document}");
            }
        }
    }
}
