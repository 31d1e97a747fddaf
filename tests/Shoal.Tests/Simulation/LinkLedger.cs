using Shoal.Core.Time;

namespace Shoal.Tests.Simulation;

/// <summary>
/// Checks a link from outside, by what it carried and when: whatever was wholly carried between two instants must not
/// be more than its capacity times the time between them. Knows nothing of rates.
/// </summary>
internal static class LinkLedger
{
    /// <summary>Bytes by which the worst window exceeds the capacity; negative: none does; null: no transfer.</summary>
    public static double? WorstExcess(
        double capacity, IEnumerable<(VirtualTime Start, VirtualTime End, long Bytes)> transfers)
    {
        (VirtualTime Start, VirtualTime End, long Bytes)[] byEnd = [.. transfers.OrderBy(transfer => transfer.End)];
        double? worst = null;
        foreach (VirtualTime from in byEnd.Select(transfer => transfer.Start).Distinct())
        {
            long carried = 0;
            foreach ((VirtualTime start, VirtualTime end, long bytes) in byEnd)
            {
                if (start >= from)
                {
                    carried += bytes;

                    // Ends are whole nanoseconds: a byte may have come up to one later, on each connection.
                    double excess = carried - (capacity * ((end - from).Seconds + 1e-9));
                    worst = worst is null ? excess : Math.Max(worst.Value, excess);
                }
            }
        }

        return worst;
    }
}
