using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Hub;
using Shoal.Cli.Logging;
using Shoal.Core.Lottery;
using Shoal.Hosts.Http;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery serve</c>.</summary>
internal static partial class LotteryServeRun
{
    public static async Task<int> RunAsync(
        LotteryServeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.LogFile);
        ILogger logger = log.Factory.CreateLogger("lottery");
        screen.Settings.Log(logger);
        await using var doors = new HubDoors();
        HttpRoutes routes = await OpenAsync(doors, arguments, logger, cancellation);
        if (arguments.Http is { } http)
        {
            await LotteryDoor.OpenHttpAsync(doors, http, [routes], log.Factory.CreateLogger("http"), cancellation);
        }

        await doors.RunAsync(cancellation);
        return ExitCode.Done;
    }

    /// <summary>Opens the lottery's door for the text protocol, with what it stands on.</summary>
    /// <returns>What it serves over HTTP, where there is a door for it.</returns>
    public static async Task<HttpRoutes> OpenAsync(
        HubDoors doors, LotteryServeArguments arguments, ILogger logger, CancellationToken cancellation)
    {
        LotteryRecords records = await arguments.Store.OpenForHubAsync(cancellation);
        doors.Add(records);
        DrawStanding standing = await AgreeAsync(records, arguments, cancellation);
        LogDraw(
            logger, arguments.Terms.Name.Value, standing.State.ToString().ToLowerInvariant(), standing.Revision,
            standing.Terms.Roster.Length, arguments.Store.ToString());
        await RehearseAsync(arguments, records, logger, cancellation);
        LotteryHost host = await OpenAsync(arguments, records, logger, cancellation);
        doors.Add(host, host.RunAsync);
        LotteryRoutes routes = host.OpenRoutes(await AgencyTokens.OpenAsync(records, cancellation));
        doors.Add(routes);
        return routes.Map;
    }

    // Terms are settled when a draw begins: other flags on an old folder are a mistake that nobody should find out
    // about at the draw.
    private static async Task<DrawStanding> AgreeAsync(
        LotteryRecords records, LotteryServeArguments arguments, CancellationToken cancellation)
    {
        await records.OpenDrawAsync(arguments.Terms, cancellation);
        DrawStanding standing = (await records.StandingAsync(arguments.Terms.Name, cancellation))!;
        DrawTerms stored = standing.Terms;
        if (!LotteryOpenRun.IsSame(stored, arguments.Terms))
        {
            throw arguments.Store.Failure(
                $"has the draw '{stored.Name}' with {stored.Roster.Length} agencies and "
                + $"winning number {stored.WinningNumber}; start with the same roster and --winning-number, or name "
                + "another store.");
        }

        return standing;
    }

    private static async Task RehearseAsync(
        LotteryServeArguments arguments, LotteryRecords records, ILogger log, CancellationToken cancellation)
    {
        await using var nowhere = LogOutput.Nowhere();
        try
        {
            if (await LotteryRehearsal.RunAsync(
                records, TimeProvider.System, nowhere.Factory.CreateLogger("lottery"), cancellation) is { } reason)
            {
                LogNotRehearsed(log, reason);
            }
        }
        catch (IOException e)
        {
            throw arguments.Store.Failure($"is not ready: {e.Message}");
        }
    }

    private static async Task<LotteryHost> OpenAsync(
        LotteryServeArguments arguments, LotteryRecords records, ILogger log, CancellationToken cancellation)
    {
        try
        {
            return await LotteryHost.OpenAsync(
                new LotteryOptions { Listen = arguments.Listen, Draw = arguments.Terms.Name }, records,
                TimeProvider.System, log, cancellation);
        }
        catch (IOException e)
        {
            throw new WorkFailedException($"--listen: {e.Message}", e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "action: rehearsal | result: fail | reason: {Reason}")]
    private static partial void LogNotRehearsed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: draw_state | result: success | draw: {Draw} | state: {State} | revision: {Revision} | "
        + "agencies: {Agencies} | store: {Store}")]
    private static partial void LogDraw(
        ILogger log, string draw, string state, int revision, int agencies, string store);
}
