using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Gives idle neighbours work that the plan left to others. The plan says how much each has to send, but not how fast:
/// connections share a link as they happen to. A source that is ahead of the others would have nothing left to send
/// to this peer while they are far from done, and its uplink and this peer's downlink would stand half empty.
/// </summary>
internal sealed class IdleSources(
    PickPolicy policy, PeerChunks chunks, ChunkPicker picker, Dictionary<PeerId, Neighbour> neighbours)
{
    private const int FewestChunks = 8;
    private static readonly TimeSpan StarvedAfter = TimeSpan.FromSeconds(1);

    // The first chunks take their time down a tree; who helps itself meanwhile takes the place of those who are due.
    private static readonly TimeSpan TreeStarvedAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DesperateAfter = TimeSpan.FromSeconds(15);

    // However slow a neighbour is, what it does not bring is looked for elsewhere after a while.
    private const double LongestPace = 10;

    // Who has less than this before it, in seconds, is given more, up to twice as much, of what waits longer elsewhere.
    private const double ShortQueue = 0.5;
    private const double LongQueue = 3;

    // Uplinks that differ by no more than this are alike.
    private const double Likeness = 2;

    private readonly Dictionary<Neighbour, long> _waiting = [];

    /// <summary>Queues at idle neighbours what would come later, or not at all, from where the plan wants it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lastProgress">When a request was last made or answered.</param>
    /// <param name="flights">Open requests at all neighbours.</param>
    public void Feed(TimeSpan now, TimeSpan lastProgress, int flights)
    {
        if (chunks.UnaskedCount == 0 || policy != PickPolicy.Planned)
        {
            return;
        }

        // Where a chunk takes seconds, nothing comes for seconds even if all is well.
        TimeSpan pace = SlowestChunk();
        TimeSpan idleAfter = Max(StarvedAfter, 3 * pace);
        bool isTree = picker.Plan?.TreeCount > 0;
        TimeSpan starvedAfter = isTree ? Max(TreeStarvedAfter, idleAfter) : idleAfter;
        bool isStarved = flights == 0 && now - lastProgress > starvedAfter;
        bool isDesperate = flights == 0 && now - lastProgress > DesperateAfter;
        double longQueue = Math.Max(LongQueue, 6 * pace.TotalSeconds);
        Neighbour[] idles =
        [
            .. neighbours.Values.Where(
                one => one.Flights.Count == 0 && one.Queued == 0 && now - one.LastArrival > idleAfter
                    && !one.IsSilent(now) && !one.IsBanned),
        ];
        if (idles.Length > 0)
        {
            Measure();
        }

        foreach (Neighbour idle in idles)
        {
            Replace(idle, isStarved, isDesperate, longQueue);
        }

        Even(now, isTree ? longQueue : Math.Max(ShortQueue, 2 * pace.TotalSeconds));
    }

    /// <summary>Asks an idle neighbour for what its source will not bring, or not for so many seconds.</summary>
    private void Replace(Neighbour idle, bool isStarved, bool isDesperate, double longQueue)
    {
        // About a second's worth: it is idle for a second before it steals again.
        long budget = (long)idle.Rate.Value;
        int count = 0;
        for (int chunk = idle.Has.NextFrom(0);
            chunk >= 0 && (count < FewestChunks || budget > 0);
            chunk = idle.Has.NextFrom(chunk + 1))
        {
            if (!chunks.IsUnasked(chunk))
            {
                continue;
            }

            CatalogContent content = chunks.Catalog.ContentOf(chunk);
            Neighbour? source = picker.SourceOf(chunk, content);
            bool isSourceGone = source is null || source.IsDoubtful || picker.Abandoned.Contains(source.Id);
            bool isLate = source is { IsRelay: false } && !idle.IsRelay && source.Has.Contains(chunk)
                && source.Rate.Value > 0 && SecondsOf(source) > longQueue;
            bool isSole = content.Owner == idle.Id;
            if (isSole ? (isStarved && isSourceGone) || isDesperate : isStarved || isSourceGone || isLate)
            {
                int bytes = chunks.Catalog.LengthOf(chunk);
                idle.FirstPicks.Enqueue(chunk);
                budget -= bytes;
                count++;
                if (isLate)
                {
                    Wait(source!, -bytes);
                }
            }
        }
    }

    /// <summary>
    /// Evens the time that sources will be busy with what this peer wants of them, where it differs by more than so
    /// many seconds. Only where uplinks are alike: else the slow ones are full, and whoever has nothing left to send to
    /// this peer is busy with others.
    /// </summary>
    private void Even(TimeSpan now, double margin)
    {
        if (picker.Plan is not { Walls.IsEmpty: true } plan || !neighbours.Values.Any(MayBeIdle) || !AreAlike(plan))
        {
            return;
        }

        Measure();
        foreach (Neighbour idle in neighbours.Values)
        {
            if (MayBeIdle(idle) && !idle.IsSilent(now) && SecondsOf(idle) < ShortQueue
                && neighbours.Values.Any(other => IsLater(other, idle, margin)))
            {
                Take(idle, margin);
            }
        }
    }

    private static bool MayBeIdle(Neighbour neighbour) =>
        !neighbour.IsRelay && !neighbour.IsDoubtful && neighbour.Rate.Value > 0
        && neighbour.FlightBytes < neighbour.Rate.Value * ShortQueue;

    /// <summary>Whether the plan has all send about as much: along trees it says nothing of that.</summary>
    private static bool AreAlike(DistributionPlan plan)
    {
        if (plan.TreeCount > 0)
        {
            return true;
        }

        double least = double.PositiveInfinity;
        double most = 0;
        foreach (PlanShare share in plan.Shares)
        {
            double bytes = share.OwnedBytes + (share.ShareBytes * (plan.Shares.Length - 2));
            least = Math.Min(least, bytes);
            most = Math.Max(most, bytes);
        }

        return most <= Likeness * least;
    }

    /// <summary>How many bytes wait at each neighbour to be asked of it by plan.</summary>
    private void Measure()
    {
        _waiting.Clear();
        foreach (CatalogContent content in chunks.Catalog.Contents)
        {
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                if (chunks.IsUnasked(chunk) && picker.SourceOf(chunk, content) is { } source
                    && source.Has.Contains(chunk))
                {
                    Wait(source, chunks.Catalog.LengthOf(chunk));
                }
            }
        }
    }

    private void Take(Neighbour idle, double margin)
    {
        for (int chunk = idle.Has.NextFrom(0);
            chunk >= 0 && SecondsOf(idle) < 2 * ShortQueue;
            chunk = idle.Has.NextFrom(chunk + 1))
        {
            if (!chunks.IsUnasked(chunk))
            {
                continue;
            }

            CatalogContent content = chunks.Catalog.ContentOf(chunk);
            if (content.Owner != idle.Id && picker.SourceOf(chunk, content) is { } source && source != idle
                && source.Has.Contains(chunk) && IsLater(source, idle, margin))
            {
                int bytes = chunks.Catalog.LengthOf(chunk);
                idle.FirstPicks.Enqueue(chunk);
                Wait(source, -bytes);
                Wait(idle, bytes);
            }
        }
    }

    private bool IsLater(Neighbour source, Neighbour idle, double margin) =>
        !source.IsRelay && source.Rate.Value > 0 && SecondsOf(source) > SecondsOf(idle) + margin;

    private double SecondsOf(Neighbour neighbour) =>
        (neighbour.FlightBytes + _waiting.GetValueOrDefault(neighbour)) / neighbour.Rate.Value;

    private void Wait(Neighbour neighbour, int bytes) =>
        _waiting[neighbour] = _waiting.GetValueOrDefault(neighbour) + bytes;

    /// <summary>How long the slowest neighbour takes for a chunk of usual size.</summary>
    private TimeSpan SlowestChunk()
    {
        double bytes = (double)chunks.Catalog.WantedBytes / Math.Max(1, chunks.Catalog.WantedChunks);
        double seconds = 0;
        foreach (Neighbour neighbour in neighbours.Values)
        {
            seconds = neighbour.Rate.Value > 0 ? Math.Max(seconds, bytes / neighbour.Rate.Value) : seconds;
        }

        return TimeSpan.FromSeconds(Math.Min(seconds, LongestPace));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
