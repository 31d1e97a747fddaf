using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer writes to its log under the system clock, with the clock in front.</summary>
internal static partial class PeerClockLog
{
    [LoggerMessage(LogLevel.Debug,
        "[{Clock} ms] action: {Action} | result: {Result} | file: {File} | name: {Name} | chunk: {Chunk} | "
        + "requester: {Requester} | holder: {Holder} | began_ms: {Began}")]
    public static partial void Carried(
        this ILogger log, double clock, string action, string result, int file, string name, int chunk, int requester,
        int holder, double began);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: clock_file | result: success | name: {Name} | chunks: {Chunks} | virtual_ms: {Time}")]
    public static partial void ClockFile(this ILogger log, double clock, string name, int chunks, double time);

    [LoggerMessage(LogLevel.Debug,
        "[{Clock} ms] action: clock_order | result: success | name: {Name} | first: {First} | order: {Order}")]
    public static partial void ClockOrder(this ILogger log, double clock, string name, int first, string order);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: clock | result: success | virtual_makespan_ms: {Makespan} | "
        + "virtual_lower_bound_ms: {Bound} | ratio: {Ratio}")]
    public static partial void Clocked(
        this ILogger log, double clock, double makespan, double? bound, double? ratio);
}
