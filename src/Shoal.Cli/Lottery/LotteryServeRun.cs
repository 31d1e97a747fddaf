using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Rendering;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery serve</c>.</summary>
internal static partial class LotteryServeRun
{
    public static async Task<int> RunAsync(
        LotteryServeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        var lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        await using LogOutput log = LogOutput.Start(lines, arguments.LogFile, TimeProvider.System);
        ILogger logger = log.Factory.CreateLogger("lottery");
        LogConfiguration(
            logger, arguments.Listen.ToString(), arguments.Terms.Roster.Length, arguments.Terms.WinningNumber,
            arguments.Store.ToString());
        await using LotteryRecords records = await arguments.Store.OpenAsync(cancellation);
        DrawStanding standing = await AgreeAsync(records, arguments, cancellation);
        LogDraw(logger, arguments.Terms.Name.Value, standing.State.ToString().ToLowerInvariant(), standing.Revision);
        await using LotteryHost host = await OpenAsync(arguments, records, logger, cancellation);
        await host.RunAsync(cancellation);
        return ExitCode.Done;
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
            throw new WorkFailedException($"--listen: cannot listen at {arguments.Listen}: {e.Message}", e);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "action: config | result: success | listen: {Listen} | agencies: {Agencies} | winning_number: {Number} | "
        + "store: {Store}")]
    private static partial void LogConfiguration(ILogger log, string listen, int agencies, int number, string store);

    [LoggerMessage(LogLevel.Information,
        "action: draw_state | result: success | draw: {Draw} | state: {State} | revision: {Revision}")]
    private static partial void LogDraw(ILogger log, string draw, string state, int revision);
}
