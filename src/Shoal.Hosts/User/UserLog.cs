using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.User;

/// <summary>What a user's machine writes to its log.</summary>
internal static partial class UserLog
{
    [LoggerMessage(LogLevel.Information,
        "action: user_listen | result: success | address: {Address} | folder: {Folder}")]
    public static partial void UserListening(this ILogger log, string address, string folder);

    [LoggerMessage(LogLevel.Information, "action: user_listen_end | result: success | address: {Address}")]
    public static partial void UserListeningEnded(this ILogger log, string address);

    [LoggerMessage(LogLevel.Information,
        "action: user_operation | result: {Result} | operation: {Operation} | user: {User} | outcome: {Outcome}")]
    public static partial void OperationEnded(
        this ILogger log, string result, string operation, string user, string outcome);

    [LoggerMessage(LogLevel.Information,
        "action: user_operation | result: fail | operation: {Operation} | user: {User} | outcome: {Outcome} | "
        + "reason: {Reason}")]
    public static partial void OperationFailed(
        this ILogger log, string operation, string user, string outcome, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: file_serve | result: {Result} | address: {Address} | file: {File} | bytes: {Bytes}")]
    public static partial void FileServed(this ILogger log, string result, string address, string file, long bytes);

    [LoggerMessage(LogLevel.Information,
        "action: file_serve | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void FileCallerRefused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Error, "action: file_serve | result: fail | reason: {Reason}")]
    public static partial void FileServingFailed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: file_fetch | result: {Result} | address: {Address} | file: {File} | bytes: {Bytes} | "
        + "reason: {Reason}")]
    public static partial void FileFetched(
        this ILogger log, string result, string address, string file, long bytes, string reason);

    [LoggerMessage(LogLevel.Information, "action: exchange | result: success | hub: {Hub} | user: {User}")]
    public static partial void ExchangeUp(this ILogger log, string hub, string user);

    [LoggerMessage(LogLevel.Information, "action: exchange | result: fail | hub: {Hub} | reason: {Reason}")]
    public static partial void ExchangeDown(this ILogger log, string hub, string reason);

    [LoggerMessage(LogLevel.Information, "action: exchange_end | result: success | hub: {Hub} | user: {User}")]
    public static partial void ExchangeEnded(this ILogger log, string hub, string user);

    [LoggerMessage(LogLevel.Information,
        "action: offer | result: success | file: {File} | offer: {Offer} | bytes: {Bytes}")]
    public static partial void Offered(this ILogger log, string file, string offer, long bytes);

    [LoggerMessage(LogLevel.Warning, "action: offer | result: fail | offer: {Offer} | reason: {Reason}")]
    public static partial void OfferRefused(this ILogger log, string offer, string reason);

    [LoggerMessage(LogLevel.Information, "action: offer_give | result: in_progress | offer: {Offer} | bytes: {Bytes}")]
    public static partial void OfferBegun(this ILogger log, string offer, long bytes);

    [LoggerMessage(LogLevel.Information, "action: offer_give | result: success | offer: {Offer} | sent: {Sent}")]
    public static partial void OfferEnded(this ILogger log, string offer, long sent);

    [LoggerMessage(LogLevel.Information,
        "action: offer_find | result: success | file: {File} | offer: {Offer} | bytes: {Bytes} | sources: {Sources}")]
    public static partial void OfferFound(this ILogger log, string file, string offer, long bytes, int sources);

    [LoggerMessage(LogLevel.Warning,
        "action: time_service | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void TimeServiceFailed(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Warning,
        "action: offer_fetch | result: in_progress | file: {File} | owner: {Owner} | was: {Was} | is: {Is} | "
        + "reason: it changed at its owner, so it begins again with what it is now")]
    public static partial void OfferChanged(this ILogger log, string file, string owner, string was, string @is);
}
