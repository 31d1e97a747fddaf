using Shoal.Core.Lottery;
using Shoal.Hosts.Common;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// Brings numbered batches into order that came over several connections at once, a lane for each agency of a draw:
/// what is contiguous goes to the store together, what came too early waits a moment for those before it.
/// </summary>
internal sealed class BatchLanes(ILotteryStore store, TimeProvider time, TaskScope tasks)
{
    /// <summary>Batches of one agency that wait at most; one more is sent back.</summary>
    public const int MostWaiting = 256;

    /// <summary>How long a batch waits for those before it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<(DrawName Draw, AgencyId Agency), BatchLane> _lanes = [];

    /// <summary>Offers a batch to the store when it is its turn.</summary>
    /// <returns>What became of it; null: too many of its agency wait already.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public Task<BatchDecision?> OfferAsync(DrawName draw, BatchOffer offer)
    {
        var key = (draw, offer.Agency);
        lock (_gate)
        {
            if (!_lanes.TryGetValue(key, out BatchLane? lane))
            {
                BatchLane made = lane = new BatchLane(draw, store, time);
                _lanes.Add(key, made);
                tasks.Run(() => made.RunAsync(() => TryRemove(key, made)));
            }

            return lane.Add(offer);
        }
    }

    // A lane with nothing in it ends; nothing can enter it meanwhile.
    private bool TryRemove((DrawName Draw, AgencyId Agency) key, BatchLane lane)
    {
        lock (_gate)
        {
            return lane.IsEmpty && _lanes.Remove(key);
        }
    }
}
