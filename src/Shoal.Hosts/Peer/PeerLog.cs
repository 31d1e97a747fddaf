using Microsoft.Extensions.Logging;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer writes to its log.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(LogLevel.Information,
        "action: read_folder | result: success | folder: {Folder} | contents: {Contents} | bytes: {Bytes} | "
        + "hashed_bytes: {Hashed}")]
    public static partial void FolderRead(this ILogger log, string folder, int contents, long bytes, long hashed);

    [LoggerMessage(LogLevel.Warning, "action: read_folder | result: in_progress | name: {Name} | note: {Note}")]
    public static partial void FolderNote(this ILogger log, string name, string note);

    [LoggerMessage(LogLevel.Debug, "action: rehearsal | result: fail | reason: {Reason}")]
    public static partial void NotRehearsed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "action: peer_listen | result: success | address: {Address} | peer: {Peer}")]
    public static partial void Listening(this ILogger log, string address, string peer);

    [LoggerMessage(LogLevel.Information,
        "action: join | result: success | swarm: {Swarm} | name: {Name} | order: {Order}")]
    public static partial void Welcomed(this ILogger log, string swarm, string name, int order);

    [LoggerMessage(LogLevel.Information,
        "action: member | result: success | peer: {Peer} | name: {Name} | order: {Order}")]
    public static partial void MemberHere(this ILogger log, string peer, string name, int order);

    [LoggerMessage(LogLevel.Information,
        "action: member_gone | result: success | peer: {Peer} | name: {Name} | how: {How}")]
    public static partial void MemberGone(this ILogger log, string peer, string name, string how);

    [LoggerMessage(LogLevel.Information, "action: start | result: success | swarm: {Swarm} | bytes_to_come: {Bytes}")]
    public static partial void Started(this ILogger log, string swarm, long bytes);

    [LoggerMessage(LogLevel.Information,
        "action: peer_connect | result: success | peer: {Peer} | name: {Name} | address: {Address}")]
    public static partial void PeerUp(this ILogger log, string peer, string name, string address);

    [LoggerMessage(LogLevel.Debug, "action: peer_connect | result: fail | peer: {Peer} | reason: {Reason}")]
    public static partial void DialFailed(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Information,
        "action: peer_disconnect | result: success | peer: {Peer} | name: {Name} | reason: {Reason}")]
    public static partial void PeerDown(this ILogger log, string peer, string name, string reason);

    [LoggerMessage(LogLevel.Warning,
        "action: peer_disconnect | result: fail | peer: {Peer} | name: {Name} | reason: {Reason}")]
    public static partial void PeerAtFault(this ILogger log, string peer, string name, string reason);

    [LoggerMessage(LogLevel.Information, "action: accept | result: fail | address: {Address} | reason: {Reason}")]
    public static partial void Refused(this ILogger log, string address, string reason);

    [LoggerMessage(LogLevel.Debug,
        "action: chunk_store | result: success | content: {Content} | chunk: {Chunk} | bytes: {Bytes} | from: {Peer}")]
    public static partial void ChunkStored(this ILogger log, string content, int chunk, int bytes, string peer);

    [LoggerMessage(LogLevel.Debug,
        "action: chunk_send | result: success | content: {Content} | chunk: {Chunk} | to: {Peer}")]
    public static partial void ChunkSent(this ILogger log, string content, int chunk, string peer);

    [LoggerMessage(LogLevel.Warning,
        "action: chunk_store | result: fail | content: {Content} | chunk: {Chunk} | from: {Peer} | count: {Count} | "
        + "reason: wrong hash")]
    public static partial void Blamed(this ILogger log, string content, int chunk, string peer, int count);

    [LoggerMessage(LogLevel.Information,
        "action: steal | result: success | content: {Content} | chunk: {Chunk} | from: {From} | to: {To}")]
    public static partial void Stolen(this ILogger log, string content, int chunk, string from, string to);

    [LoggerMessage(LogLevel.Debug, "action: plan | result: success | epoch: {Epoch}")]
    public static partial void Planned(this ILogger log, int epoch);

    [LoggerMessage(LogLevel.Information,
        "action: file | result: success | name: {Name} | origin_name: {OriginName} | origin: {Origin} | "
        + "ms: {Milliseconds}")]
    public static partial void FileHere(
        this ILogger log, string name, string originName, string origin, double milliseconds);

    [LoggerMessage(LogLevel.Debug,
        "action: content | result: success | content: {Content} | chunks: {Chunks} | order: {Order}")]
    public static partial void ContentHere(this ILogger log, string content, int chunks, string order);

    [LoggerMessage(LogLevel.Warning,
        "action: withdraw | result: fail | name: {Name} | content: {Content} | peer: {Peer} | "
        + "reason: \"its file changed or vanished while it was shared\"")]
    public static partial void Withdrawn(this ILogger log, string name, string content, string peer);

    [LoggerMessage(LogLevel.Information,
        "action: wait | result: in_progress | for: members that vanished | seconds: {Seconds}")]
    public static partial void Waiting(this ILogger log, double seconds);

    [LoggerMessage(LogLevel.Information, "action: md5 | result: success | name: {Name} | md5: {Md5}")]
    public static partial void Md5(this ILogger log, string name, string md5);

    [LoggerMessage(LogLevel.Information, "action: leave | result: {Result} | swarm: {Swarm}")]
    public static partial void Leaving(this ILogger log, string result, string swarm);

    [LoggerMessage(LogLevel.Debug, "action: receive | result: success | from: {From} | message: {Message}")]
    public static partial void Received(this ILogger log, string from, string message);

    [LoggerMessage(LogLevel.Debug, "action: send | result: success | to: {To} | message: {Message}")]
    public static partial void Sent(this ILogger log, string to, string message);
}
