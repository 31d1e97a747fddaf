using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Audit;

/// <summary>What both sides of the log of operations write to their own logs.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(LogLevel.Information, "action: audit_listen | result: success | address: {Address}")]
    public static partial void AuditListening(this ILogger log, string address);

    [LoggerMessage(LogLevel.Information, "action: audit_stop | result: {Result}")]
    public static partial void AuditStopping(this ILogger log, string result);

    [LoggerMessage(LogLevel.Information, "action: audit_accept | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void AuditCallerRefused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Information, "action: audit_call | result: fail | address: {Address} | outcome: {Outcome}")]
    public static partial void AuditCallRefused(this ILogger log, string address, string outcome);

    [LoggerMessage(LogLevel.Error, "action: audit | result: fail | reason: {Reason}")]
    public static partial void AuditFailed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: audit_connect | result: success | address: {Address} | kept: {Kept}")]
    public static partial void TrailConnected(this ILogger log, string address, long kept);

    [LoggerMessage(LogLevel.Warning,
        "action: audit_connect | result: fail | address: {Address} | kept: {Kept} | reason: {Reason}")]
    public static partial void TrailCut(this ILogger log, string address, long kept, string reason);

    [LoggerMessage(LogLevel.Debug, "action: audit_deliver | result: success | operations: {Operations}")]
    public static partial void TrailDelivered(this ILogger log, int operations);

    [LoggerMessage(LogLevel.Error,
        "action: audit_deliver | result: fail | user: {User} | operation: {Operation} | reason: the other side "
        + "cannot read it")]
    public static partial void TrailRefused(this ILogger log, string user, string operation);

    [LoggerMessage(LogLevel.Error, "action: audit_keep | result: fail | waiting: {Waiting} | reason: {Reason}")]
    public static partial void TrailNotKept(this ILogger log, int waiting, string reason);

    [LoggerMessage(LogLevel.Information, "action: audit_keep | result: success | operations: {Operations}")]
    public static partial void TrailKeptAgain(this ILogger log, int operations);

    [LoggerMessage(LogLevel.Error, "action: audit_drop | result: fail | operations: {Operations} | reason: {Reason}")]
    public static partial void TrailDropped(this ILogger log, int operations, string reason);
}
