using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Http;

/// <summary>What an HTTP door writes to its log.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(LogLevel.Information, "action: http_listen | result: success | address: {Address}")]
    public static partial void Listening(this ILogger log, string address);

    [LoggerMessage(LogLevel.Information, "action: http_stop | result: {Result}")]
    public static partial void Stopping(this ILogger log, string result);

    [LoggerMessage(LogLevel.Debug,
        "action: http_request | result: success | address: {Address} | method: {Method} | path: {Path} | "
        + "status: {Status}")]
    public static partial void Answered(this ILogger log, string? address, string method, string? path, int status);

    [LoggerMessage(LogLevel.Error,
        "action: http_request | result: fail | address: {Address} | method: {Method} | path: {Path} | "
        + "reason: {Reason}")]
    public static partial void Failed(
        this ILogger log, string? address, string method, string? path, string reason);
}
