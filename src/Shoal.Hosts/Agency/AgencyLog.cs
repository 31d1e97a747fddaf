using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Agency;

/// <summary>What an agency writes to its log; existing tools look for most of these lines.</summary>
internal static partial class AgencyLog
{
    [LoggerMessage(LogLevel.Information,
        "action: chunk_ack_received | result: success | client_id: {Agency} | chunk_id: {Batch}")]
    public static partial void BatchAcked(this ILogger log, int agency, long batch);

    [LoggerMessage(LogLevel.Information, "action: notify_ack_received | result: success | client_id: {Agency}")]
    public static partial void CloseAcked(this ILogger log, int agency);

    [LoggerMessage(LogLevel.Information,
        "action: results_phase_started | result: in_progress | client_id: {Agency}")]
    public static partial void AskingBegun(this ILogger log, int agency);

    [LoggerMessage(LogLevel.Information,
        "action: consulta_ganadores | result: success | client_id: {Agency} | cant_ganadores: {Winners} | "
        + "dni_ganadores: {Documents}")]
    public static partial void WinnersTold(this ILogger log, int agency, int winners, string documents);

    [LoggerMessage(LogLevel.Information, "action: loop_finished | result: success | client_id: {Agency}")]
    public static partial void Finished(this ILogger log, int agency);

    [LoggerMessage(LogLevel.Information,
        "action: connect | result: success | client_id: {Agency} | stored_bets: {Stored}")]
    public static partial void Connected(this ILogger log, int agency, string stored);

    [LoggerMessage(LogLevel.Warning,
        "action: connection | result: fail | client_id: {Agency} | reason: {Reason} | again_in: {Pause} ms")]
    public static partial void Pausing(this ILogger log, int agency, string reason, long pause);

    [LoggerMessage(LogLevel.Debug,
        "action: connection | result: fail | client_id: {Agency} | reason: {Reason} | again_in: {Pause} ms")]
    public static partial void StillPausing(this ILogger log, int agency, string reason, long pause);

    [LoggerMessage(LogLevel.Warning,
        "action: read_bet | result: fail | client_id: {Agency} | line: {Line} | reason: {Reason}")]
    public static partial void BadLineRead(this ILogger log, int agency, long line, string reason);

    [LoggerMessage(LogLevel.Error, "action: agency | result: fail | client_id: {Agency} | reason: {Reason}")]
    public static partial void Failed(this ILogger log, int agency, string reason);
}
