using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Common;

/// <summary>What is written to the log of a connection with the hub.</summary>
internal static partial class HubDialingLog
{
    [LoggerMessage(LogLevel.Information, "action: hub_connect | result: success | address: {Address}")]
    public static partial void HubUp(this ILogger log, EndpointText address);

    [LoggerMessage(LogLevel.Warning,
        "action: hub_connect | result: fail | address: {Address} | reason: {Reason} | next: \"dial again\"")]
    public static partial void HubDown(this ILogger log, EndpointText address, string reason);

    [LoggerMessage(LogLevel.Debug, "action: hub_connect | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void HubStillDown(this ILogger log, EndpointText address, string reason);

    [LoggerMessage(LogLevel.Warning,
        "action: hub_disconnect | result: fail | address: {Address} | reason: {Reason} | next: \"dial again\"")]
    public static partial void HubLost(this ILogger log, EndpointText address, string reason);

    [LoggerMessage(LogLevel.Debug, "action: hub_disconnect | result: success | address: {Address}")]
    public static partial void HubLeft(this ILogger log, EndpointText address);
}
