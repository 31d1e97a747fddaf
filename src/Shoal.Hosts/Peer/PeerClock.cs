using System.Globalization;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Peer;

/// <summary>
/// What a peer sees of the system clock, which its hub keeps: for log and report, never for a decision.
/// </summary>
internal sealed class PeerClock(Arrivals arrivals, ILogger log)
{
    // A line of the log takes so many numbers of chunks.
    private const int ChunksPerLine = 500;

    private sealed class Came
    {
        public List<int> Order { get; } = [];

        public VirtualTime End { get; set; }
    }

    private readonly Dictionary<ContentId, Came> _files = [];

    /// <summary>Whether the hub keeps the system clock.</summary>
    public bool IsKept { get; private set; }

    /// <summary>What the run took; null: it has not ended.</summary>
    public ClockReading? Reading { get; private set; }

    /// <summary>When a content was here; null: it did not come by orders.</summary>
    public VirtualTime? TimeOf(ContentId content) => _files.GetValueOrDefault(content)?.End;

    public void Take(SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.ClockKept:
                IsKept = true;
                break;
            case SwarmNote.Carried carried:
                Take(carried.Order, carried.Outcome);
                break;
            case SwarmNote.Clocked clocked:
                Reading = clocked.Reading;
                log.Clocked(
                    Reading.Makespan.Milliseconds, Reading.Makespan.Milliseconds,
                    Reading.LowerBound.Nanoseconds > 0 ? Reading.LowerBound.Milliseconds : null, Reading.Ratio);
                break;
            default:
                break;
        }
    }

    /// <summary>Says, at the end, how long each file took and in which order its chunks came.</summary>
    public void TellFiles()
    {
        foreach ((ContentId content, Came came) in _files.OrderBy(file => file.Value.End))
        {
            string name = arrivals.NameOf(content);
            log.ClockFile(came.End.Milliseconds, name, came.Order.Count, came.End.Milliseconds);
            for (int first = 0; first < came.Order.Count; first += ChunksPerLine)
            {
                log.ClockOrder(came.End.Milliseconds, name, first, string.Join(',', came.Order
                    .Skip(first).Take(ChunksPerLine).Select(chunk => chunk.ToString(CultureInfo.InvariantCulture))));
            }
        }
    }

    private void Take(HubMessage.Order order, OrderOutcome outcome)
    {
        log.Carried(
            order.End.Milliseconds, ClockWords.Of(order.Kind), ClockWords.Of(outcome), order.File,
            arrivals.NameOf(order.Chunk.Content), order.Chunk.Index.Value, order.Requester, order.Holder,
            order.Begin.Milliseconds);
        if (outcome == OrderOutcome.Done && order.Kind is OccupationKind.Deliver or OccupationKind.Finished)
        {
            if (!_files.TryGetValue(order.Chunk.Content, out Came? came))
            {
                _files.Add(order.Chunk.Content, came = new Came());
            }

            came.End = order.End;
            if (order.Kind == OccupationKind.Deliver)
            {
                came.Order.Add(order.Chunk.Index.Value);
            }
        }
    }
}
