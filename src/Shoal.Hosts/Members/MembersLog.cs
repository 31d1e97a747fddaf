using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Members;

/// <summary>What the hub's directory, and a user's machine, write to their logs.</summary>
internal static partial class MembersLog
{
    [LoggerMessage(LogLevel.Information,
        "action: directory_listen | result: success | address: {Address} | style: {Style} | users: {Users}")]
    public static partial void DirectoryListening(this ILogger log, string address, string style, int users);

    [LoggerMessage(LogLevel.Information, "action: directory_stop | result: {Result}")]
    public static partial void DirectoryStopping(this ILogger log, string result);

    [LoggerMessage(LogLevel.Information,
        "action: directory_accept | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void CallerRefused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: directory_request | result: fail | address: {Address} | operation: {Operation} | reason: {Reason}")]
    public static partial void RequestRefused(this ILogger log, string address, string operation, string reason);

    [LoggerMessage(LogLevel.Debug,
        "action: directory_request | result: success | address: {Address} | operation: {Operation} | user: {User} | "
        + "outcome: {Outcome}")]
    public static partial void Answered(
        this ILogger log, string address, string operation, string user, string outcome);

    [LoggerMessage(LogLevel.Information,
        "action: user_vanish | result: success | user: {User} | address: {Address} | port: {Port}")]
    public static partial void UserVanished(this ILogger log, string user, string address, int port);

    [LoggerMessage(LogLevel.Error,
        "action: directory_store | result: fail | changes: {Changes} | reason: {Reason}")]
    public static partial void StoreFailed(this ILogger log, int changes, string reason);

    [LoggerMessage(LogLevel.Error, "action: directory | result: fail | reason: {Reason}")]
    public static partial void DirectoryFailed(this ILogger log, string reason);
}
