using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Edge;

/// <summary>What origin, edges and clients of a tier write to their logs; clocks in virtual milliseconds.</summary>
internal static partial class TierLog
{
    [LoggerMessage(LogLevel.Debug, "action: search | result: in_progress | tier: {Tier} | reason: {Reason}")]
    public static partial void Searching(this ILogger log, string tier, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: attend | result: success | role: {Role} | name: {Name} | peer: {Peer} | address: {Address}")]
    public static partial void Attended(this ILogger log, string role, string name, string peer, string address);

    [LoggerMessage(LogLevel.Information, "action: depart | result: success | name: {Name} | reason: {Reason}")]
    public static partial void Departed(this ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: list | result: success | name: {Name} | files: {Files} | unknown: {Unknown} | here: {Here}")]
    public static partial void Listed(this ILogger log, string name, int files, int unknown, int here);

    [LoggerMessage(LogLevel.Information,
        "action: plan | result: {Result} | edges: {Edges} | clients: {Clients} | requests: {Requests} | "
        + "makespan_ms: {Makespan} | bound_ms: {Bound}")]
    public static partial void Planned(
        this ILogger log, string result, int edges, int clients, int requests, double makespan, double bound);

    [LoggerMessage(LogLevel.Information, "action: start | result: success")]
    public static partial void Started(this ILogger log);

    [LoggerMessage(LogLevel.Information,
        "action: {Kind} | result: in_progress | content: {Content} | to: {To} | from: {From} | clock_ms: {Clock}")]
    public static partial void Begun(
        this ILogger log, string kind, string content, string to, string from, string clock);

    [LoggerMessage(LogLevel.Information,
        "action: {Kind} | result: success | content: {Content} | to: {To} | from: {From} | clock_ms: {Clock}")]
    public static partial void Ended(
        this ILogger log, string kind, string content, string to, string from, string clock);

    [LoggerMessage(LogLevel.Warning,
        "action: {Kind} | result: fail | content: {Content} | to: {To} | from: {From} | reason: {Reason}")]
    public static partial void Broken(
        this ILogger log, string kind, string content, string to, string from, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: evict | result: success | content: {Content} | edge: {Edge} | clock_ms: {Clock}")]
    public static partial void Evicted(this ILogger log, string content, string edge, string clock);

    [LoggerMessage(LogLevel.Warning, "action: blame | result: success | name: {Name} | reason: {Reason}")]
    public static partial void Parted(this ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Warning,
        "action: clock | result: fail | reason: somebody came, went or failed; the run goes on without it")]
    public static partial void ClockLost(this ILogger log);

    [LoggerMessage(LogLevel.Information,
        "action: complete | result: success | makespan_ms: {Makespan} | clock_ms: {Clock} | origin_kb: {OriginKb} | "
        + "distinct_kb: {DistinctKb}")]
    public static partial void Complete(
        this ILogger log, double makespan, string clock, long originKb, long distinctKb);

    [LoggerMessage(LogLevel.Warning,
        "action: content_change | result: success | name: {Name} | content: {Content} | now: {Successor}")]
    public static partial void Changed(this ILogger log, string name, string content, string successor);

    [LoggerMessage(LogLevel.Information,
        "action: hold | result: success | contents: {Contents} | bytes: {Bytes} | capacity: {Capacity}")]
    public static partial void Holding(this ILogger log, int contents, long bytes, long capacity);

    [LoggerMessage(LogLevel.Warning, "action: list | result: fail | unknown: {Name}")]
    public static partial void Unknown(this ILogger log, string name);

    [LoggerMessage(LogLevel.Information,
        "action: file | result: success | name: {Name} | from: {From} | ms: {Milliseconds} | clock_ms: {Clock}")]
    public static partial void FileHere(
        this ILogger log, string name, string from, double milliseconds, string clock);

    [LoggerMessage(LogLevel.Warning, "action: origin_disconnect | result: fail | reason: {Reason}")]
    public static partial void OriginLost(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: origin_disconnect | result: success | reason: {Reason}")]
    public static partial void OriginLeft(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: leave | result: success | tier: {Tier}")]
    public static partial void LeftTier(this ILogger log, string tier);
}
