using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>What origin, edges and clients of a tier write to their logs, a virtual clock in front.</summary>
internal static partial class TierLog
{
    [LoggerMessage(LogLevel.Information,
        "action: search | result: in_progress | tier: {Tier} | reason: {Reason} | next: \"look again\"")]
    public static partial void Searching(this ILogger log, string tier, string reason);

    [LoggerMessage(LogLevel.Debug, "action: search | result: in_progress | tier: {Tier} | reason: {Reason}")]
    public static partial void StillSearching(this ILogger log, string tier, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: attend | result: success | role: {Role} | name: {Name} | peer: {Peer} | address: {Address}")]
    public static partial void Attended(this ILogger log, string role, string name, string peer, string address);

    [LoggerMessage(LogLevel.Information, "action: depart | result: success | name: {Name} | reason: {Reason}")]
    public static partial void Departed(this ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: list | result: success | name: {Name} | files: {Files} | unknown: {Unknown}")]
    public static partial void Listed(this ILogger log, string name, int files, int unknown);

    [LoggerMessage(LogLevel.Information,
        "action: plan | result: {Result} | edges: {Edges} | clients: {Clients} | requests: {Requests} | "
        + "makespan_ms: {Makespan} | bound_ms: {Bound}")]
    public static partial void Planned(
        this ILogger log, string result, int edges, int clients, int requests, double makespan, double bound);

    [LoggerMessage(LogLevel.Information, "action: start | result: success")]
    public static partial void Started(this ILogger log);

    /// <summary>A transfer has begun.</summary>
    public static void Begun(
        this ILogger log, TransferKind kind, ContentId content, string to, string from, VirtualTime? at)
    {
        if (at is { } clock)
        {
            log.BegunAt(clock.Milliseconds, TierWords.Of(kind), content.Brief, to, from);
        }
        else
        {
            log.BegunNow(TierWords.Of(kind), content.Brief, to, from);
        }
    }

    /// <summary>A transfer has ended by the virtual clock.</summary>
    public static void Ended(
        this ILogger log, TransferKind kind, ContentId content, string to, string from, VirtualTime at) =>
        log.EndedAt(at.Milliseconds, TierWords.Of(kind), content.Brief, to, from);

    /// <summary>An edge gives a content up.</summary>
    public static void Evicted(this ILogger log, ContentId content, string edge, VirtualTime? at)
    {
        if (at is { } clock)
        {
            log.EvictedAt(clock.Milliseconds, content.Brief, edge);
        }
        else
        {
            log.EvictedNow(content.Brief, edge);
        }
    }

    /// <summary>A transfer cannot be ended.</summary>
    public static void Broken(
        this ILogger log, TransferKind kind, ContentId content, string to, string from, string reason) =>
        log.BrokenNow(TierWords.Of(kind), content.Brief, to, from, reason);

    /// <summary>Every client has everything.</summary>
    public static void Complete(
        this ILogger log, TimeSpan makespan, VirtualTime? at, long originKb, long distinctKb)
    {
        if (at is { } clock)
        {
            log.CompleteAt(clock.Milliseconds, clock.Milliseconds, originKb, distinctKb);
        }
        else
        {
            log.CompleteNow(makespan.TotalMilliseconds, originKb, distinctKb);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: {Kind} | result: in_progress | content: {Content} | to: {To} | from: {From}")]
    private static partial void BegunAt(
        this ILogger log, double clock, string kind, string content, string to, string from);

    [LoggerMessage(LogLevel.Information,
        "action: {Kind} | result: in_progress | content: {Content} | to: {To} | from: {From}")]
    private static partial void BegunNow(this ILogger log, string kind, string content, string to, string from);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: {Kind} | result: success | content: {Content} | to: {To} | from: {From}")]
    private static partial void EndedAt(
        this ILogger log, double clock, string kind, string content, string to, string from);

    [LoggerMessage(LogLevel.Warning,
        "action: {Kind} | result: fail | content: {Content} | to: {To} | from: {From} | reason: {Reason}")]
    private static partial void BrokenNow(
        this ILogger log, string kind, string content, string to, string from, string reason);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: evict | result: success | content: {Content} | edge: {Edge}")]
    private static partial void EvictedAt(this ILogger log, double clock, string content, string edge);

    [LoggerMessage(LogLevel.Information, "action: evict | result: success | content: {Content} | edge: {Edge}")]
    private static partial void EvictedNow(this ILogger log, string content, string edge);

    [LoggerMessage(LogLevel.Warning, "action: blame | result: success | name: {Name} | reason: {Reason}")]
    public static partial void Parted(this ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Warning,
        "action: clock | result: fail | reason: somebody came, went or failed; the run goes on without it")]
    public static partial void ClockLost(this ILogger log);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: complete | result: success | virtual_makespan_ms: {Makespan} | origin_kb: {OriginKb} | "
        + "distinct_kb: {DistinctKb}")]
    private static partial void CompleteAt(
        this ILogger log, double clock, double makespan, long originKb, long distinctKb);

    [LoggerMessage(LogLevel.Information,
        "action: complete | result: success | makespan_ms: {Makespan} | origin_kb: {OriginKb} | "
        + "distinct_kb: {DistinctKb}")]
    private static partial void CompleteNow(this ILogger log, double makespan, long originKb, long distinctKb);

    [LoggerMessage(LogLevel.Warning, "action: content_change | result: in_progress | name: {Name}")]
    public static partial void Changing(this ILogger log, string name);

    [LoggerMessage(LogLevel.Warning,
        "action: content_change | result: success | name: {Name} | content: {Content} | now: {Successor}")]
    public static partial void Changed(this ILogger log, string name, string content, string successor);

    [LoggerMessage(LogLevel.Information,
        "action: hold | result: success | contents: {Contents} | bytes: {Bytes} | capacity: {Capacity}")]
    public static partial void Holding(this ILogger log, int contents, long bytes, long capacity);

    [LoggerMessage(LogLevel.Warning, "action: list | result: fail | unknown: {Name}")]
    public static partial void Unknown(this ILogger log, string name);

    [LoggerMessage(LogLevel.Warning,
        "action: hold | result: fail | content: {Content} | reason: the copy on the disk is not what was stored")]
    public static partial void CopyLost(this ILogger log, string content);

    [LoggerMessage(LogLevel.Warning, "action: http_send | result: fail | name: {Name} | reason: {Reason}")]
    public static partial void Unserved(this ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Information, "action: origin_connect | result: success | address: {Address}")]
    public static partial void OriginUp(this ILogger log, string address);

    [LoggerMessage(LogLevel.Warning, "action: origin_disconnect | result: fail | reason: {Reason}")]
    public static partial void OriginLost(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: origin_disconnect | result: success | reason: {Reason}")]
    public static partial void OriginLeft(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: leave | result: success | tier: {Tier}")]
    public static partial void LeftTier(this ILogger log, string tier);
}
