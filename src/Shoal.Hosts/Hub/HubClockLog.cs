using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Hub;

/// <summary>What a hub that keeps the system clock writes to its log, with the clock in front.</summary>
internal static partial class HubClockLog
{
    /// <summary>Writes what a note of the star says; other notes are not its business.</summary>
    public static void Clock(this ILogger log, string swarm, SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.ClockPlace place:
                log.Place(
                    0, swarm, place.Place, place.Member.Name, place.Cost.Chunk.Milliseconds,
                    place.Cost.Message.Milliseconds);
                break;
            case SwarmNote.ClockFile file:
                log.File(0, swarm, file.File, file.Name, file.Content.Brief, file.Owner, file.Chunks);
                break;
            case SwarmNote.Carried { Order: var order } carried:
                log.Carried(
                    order.End.Milliseconds, ClockWords.Of(order.Kind), ClockWords.Of(carried.Outcome), swarm,
                    ClockWords.LinkOf(order), order.File, order.Chunk.Index.Value, order.Requester, order.Holder,
                    order.Begin.Milliseconds);
                break;
            case SwarmNote.ClockTally tally:
                log.Tally(
                    swarm, tally.Place, tally.Busy.Milliseconds, tally.Served, tally.Received,
                    tally.MeanChunk.Milliseconds);
                break;
            case SwarmNote.Clocked { Reading: var reading }:
                log.Clocked(
                    reading.Makespan.Milliseconds, swarm, reading.Makespan.Milliseconds,
                    reading.LowerBound.Nanoseconds > 0 ? reading.LowerBound.Milliseconds : null, reading.Ratio,
                    reading.MeanChunk.Milliseconds);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: clock_peer | result: success | swarm: {Swarm} | peer: {Peer} | name: {Name} | "
        + "chunk_ms: {Chunk} | message_ms: {Message}")]
    private static partial void Place(
        this ILogger log, double clock, string swarm, int peer, string name, double chunk, double message);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: clock_file | result: success | swarm: {Swarm} | file: {File} | name: {Name} | "
        + "content: {Content} | owner: {Owner} | chunks: {Chunks}")]
    private static partial void File(
        this ILogger log, double clock, string swarm, int file, string name, string content, int owner, int chunks);

    [LoggerMessage(LogLevel.Debug,
        "[{Clock} ms] action: {Action} | result: {Result} | swarm: {Swarm} | link: {Link} | file: {File} | "
        + "chunk: {Chunk} | requester: {Requester} | holder: {Holder} | began_ms: {Began}")]
    private static partial void Carried(
        this ILogger log, double clock, string action, string result, string swarm, int link, int file, int chunk,
        int requester, int holder, double began);

    [LoggerMessage(LogLevel.Information,
        "action: clock_tally | result: success | swarm: {Swarm} | peer: {Peer} | busy_ms: {Busy} | served: {Served} | "
        + "received: {Received} | mean_chunk_ms: {Mean}")]
    private static partial void Tally(
        this ILogger log, string swarm, int peer, double busy, long served, long received, double mean);

    [LoggerMessage(LogLevel.Information,
        "[{Clock} ms] action: clock | result: success | swarm: {Swarm} | virtual_makespan_ms: {Makespan} | "
        + "virtual_lower_bound_ms: {Bound} | ratio: {Ratio} | mean_chunk_ms: {Mean}")]
    private static partial void Clocked(
        this ILogger log, double clock, string swarm, double makespan, double? bound, double? ratio, double mean);
}
