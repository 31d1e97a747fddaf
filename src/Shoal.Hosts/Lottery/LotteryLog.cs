using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Lottery;

/// <summary>What a lottery writes to its log; existing tools look for most of these lines.</summary>
internal static partial class LotteryLog
{
    [LoggerMessage(LogLevel.Information,
        "action: lottery_listen | result: success | address: {Address} | draw: {Draw}")]
    public static partial void Listening(this ILogger log, string address, string draw);

    [LoggerMessage(LogLevel.Information, "action: accept_connections | result: success | ip: {Ip}")]
    public static partial void Accepted(this ILogger log, string ip);

    [LoggerMessage(LogLevel.Warning, "action: accept_connections | result: fail | ip: {Ip} | reason: {Reason}")]
    public static partial void NotAccepted(this ILogger log, string ip, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: chunk_received | result: success | agency: {Agency} | number_of_bets: {Bets}")]
    public static partial void BatchReceived(this ILogger log, int agency, int bets);

    [LoggerMessage(LogLevel.Information, "action: apuesta_recibida | result: success | cantidad: {Bets}")]
    public static partial void BetsStored(this ILogger log, int bets);

    [LoggerMessage(LogLevel.Warning,
        "action: apuesta_recibida | result: fail | cantidad: {Bets} | ip: {Ip} | reason: {Reason}")]
    public static partial void BetsRefused(this ILogger log, int bets, string ip, string reason);

    [LoggerMessage(LogLevel.Information, "action: notify_received | result: success | agency: {Agency}")]
    public static partial void CloseReceived(this ILogger log, int agency);

    [LoggerMessage(LogLevel.Information, "action: sorteo | result: success")]
    public static partial void DrawHeld(this ILogger log);

    [LoggerMessage(LogLevel.Information,
        "action: draw_state | result: success | draw: {Draw} | state: held | revision: {Revision}")]
    public static partial void DrawStands(this ILogger log, string draw, int revision);

    [LoggerMessage(LogLevel.Information,
        "action: draw_counts | result: success | agency: {Agency} | batches: {Batches} | bets: {Bets} | "
        + "winners: {Winners} | documents: {Documents}")]
    public static partial void Counted(
        this ILogger log, int agency, long batches, long bets, int winners, string documents);

    [LoggerMessage(LogLevel.Information, "action: results_query_received | result: success | agency: {Agency}")]
    public static partial void QueryReceived(this ILogger log, int agency);

    [LoggerMessage(LogLevel.Warning, "action: refuse | result: success | ip: {Ip} | reason: {Reason}")]
    public static partial void Refused(this ILogger log, string ip, string reason);

    [LoggerMessage(LogLevel.Error, "action: store | result: fail | reason: {Reason}")]
    public static partial void StoreFailed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: exiting_due_to_signal | result: in_progress")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(LogLevel.Information, "action: socket_closing | result: success")]
    public static partial void Closed(this ILogger log);

    [LoggerMessage(LogLevel.Debug, "action: disconnect | result: success | ip: {Ip}")]
    public static partial void Disconnected(this ILogger log, string ip);

    [LoggerMessage(LogLevel.Error, "action: connection | result: fail | reason: {Reason}")]
    public static partial void Failed(this ILogger log, string reason);
}
