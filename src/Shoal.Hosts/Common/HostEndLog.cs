using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Common;

/// <summary>What is written to the log when a host fails as nobody foresaw.</summary>
internal static partial class HostEndLog
{
    [LoggerMessage(LogLevel.Error, "action: peer | result: fail | reason: {Reason}")]
    public static partial void Failed(this ILogger log, string reason);
}
