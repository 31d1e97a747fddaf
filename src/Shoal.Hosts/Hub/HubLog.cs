using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Hub;

/// <summary>What a hub writes to its log.</summary>
internal static partial class HubLog
{
    [LoggerMessage(LogLevel.Information, "action: hub_listen | result: success | address: {Address} | key: {Key}")]
    public static partial void Listening(this ILogger log, string address, string key);

    [LoggerMessage(LogLevel.Information, "action: hub_stop | result: {Result}")]
    public static partial void Stopping(this ILogger log, string result);

    [LoggerMessage(LogLevel.Information, "action: accept | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void Refused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: join | result: success | swarm: {Swarm} | peer: {Peer} | name: {Name} | order: {Order}")]
    public static partial void Joined(this ILogger log, string swarm, string peer, string name, int order);

    [LoggerMessage(LogLevel.Information, "action: look | result: success | swarm: {Swarm} | address: {Address}")]
    public static partial void Looked(this ILogger log, string swarm, string address);

    [LoggerMessage(LogLevel.Information,
        "action: leave | result: success | swarm: {Swarm} | peer: {Peer} | name: {Name} | how: {How}")]
    public static partial void Gone(this ILogger log, string swarm, string peer, string name, string how);

    [LoggerMessage(LogLevel.Information, "action: start | result: success | swarm: {Swarm} | members: {Members}")]
    public static partial void Started(this ILogger log, string swarm, int members);

    [LoggerMessage(LogLevel.Information, "action: plan | result: success | swarm: {Swarm} | epoch: {Epoch}")]
    public static partial void Planned(this ILogger log, string swarm, int epoch);

    [LoggerMessage(LogLevel.Information,
        "action: withdraw | result: success | swarm: {Swarm} | content: {Content} | peer: {Peer}")]
    public static partial void Withdrawn(this ILogger log, string swarm, string content, string peer);

    [LoggerMessage(LogLevel.Information,
        "action: finish | result: success | swarm: {Swarm} | makespan_ms: {Makespan} | lower_bound_ms: {Bound} | "
        + "ratio: {Ratio} | bound_source: {Source} | binding: {Binding} | bytes: {Bytes} | peers: {Peers} | "
        + "since_hub_start_ms: {SinceStart}")]
    public static partial void Finished(
        this ILogger log, string swarm, double makespan, double bound, double? ratio, string source, string binding,
        long bytes, int peers, double sinceStart);

    [LoggerMessage(LogLevel.Information, "action: swarm_end | result: success | swarm: {Swarm}")]
    public static partial void SwarmEnded(this ILogger log, string swarm);

    [LoggerMessage(LogLevel.Warning,
        "action: disconnect | result: fail | swarm: {Swarm} | address: {Address} | reason: {Reason}")]
    public static partial void Disconnected(this ILogger log, string swarm, string address, string reason);

    [LoggerMessage(LogLevel.Debug,
        "action: receive | result: success | swarm: {Swarm} | link: {Link} | message: {Message}")]
    public static partial void Received(this ILogger log, string swarm, long link, string message);

    [LoggerMessage(LogLevel.Debug,
        "action: send | result: success | swarm: {Swarm} | link: {Link} | message: {Message}")]
    public static partial void Sent(this ILogger log, string swarm, long link, string message);

    [LoggerMessage(LogLevel.Error, "action: connection | result: fail | reason: {Reason}")]
    public static partial void Failed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: relay | result: success | swarm: {Swarm} | bytes_in: {BytesIn} | bytes_out: {BytesOut}")]
    public static partial void Relayed(this ILogger log, string swarm, long bytesIn, long bytesOut);

    [LoggerMessage(LogLevel.Warning,
        "action: relay_chunk | result: fail | swarm: {Swarm} | peer: {Peer} | content: {Content} | chunk: {Chunk} "
        + "| reason: its hash was wrong | count: {Count}")]
    public static partial void Blamed(
        this ILogger log, string swarm, string peer, string content, int chunk, int count);
}
