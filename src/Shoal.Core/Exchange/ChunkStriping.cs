using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Finds the distributor of each chunk from the shares alone. A chunk is a point between 0 and 1: the
/// multiples of the golden ratio, which fill the interval evenly from the first point on (Weyl), shifted by a
/// random part for each content. The owner's own stretch of the interval comes first, then those of the peers
/// with more share than bytes. Where not everybody can reach everybody, an owner has a row of its own instead.
/// </summary>
internal sealed class ChunkStriping
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private readonly Dictionary<PeerId, int> _index;
    private readonly double[] _kept;
    private readonly double[] _sharesUpTo;
    private readonly double[] _deficitsUpTo;
    private readonly double[]?[] _rowsUpTo;

    public ChunkStriping(ImmutableArray<PlanShare> shares, ImmutableArray<PlanRow> rows)
    {
        _index = new Dictionary<PeerId, int>(shares.Length);
        _kept = new double[shares.Length];
        _sharesUpTo = new double[shares.Length + 1];
        _deficitsUpTo = new double[shares.Length + 1];
        for (int i = 0; i < shares.Length; i++)
        {
            (PeerId peer, double owned, double share) = shares[i];
            _index.Add(peer, i);
            _kept[i] = owned > 0 ? Math.Min(owned, share) / owned : 0;
            _sharesUpTo[i + 1] = _sharesUpTo[i] + share;
            _deficitsUpTo[i + 1] = _deficitsUpTo[i] + Math.Max(0, share - owned);
        }

        _rowsUpTo = new double[]?[shares.Length];
        foreach (PlanRow row in rows)
        {
            var upTo = new double[shares.Length + 1];
            for (int i = 0; i < shares.Length; i++)
            {
                upTo[i + 1] = upTo[i] + row.Shares[i];
            }

            _rowsUpTo[row.Owner] = upTo;
        }
    }

    /// <summary>The peer's place in the shares, or -1.</summary>
    public int IndexOf(PeerId? peer) => peer is { } id && _index.TryGetValue(id, out int index) ? index : -1;

    /// <summary>The place of the chunk's distributor, or -1 if nobody has a share.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="owner">The place of its owner, or -1.</param>
    public int DistributorOf(ChunkRef chunk, int owner)
    {
        double point = PointOf(chunk);
        if (owner < 0)
        {
            return _sharesUpTo[^1] > 0 ? Find(_sharesUpTo, point * _sharesUpTo[^1]) : -1;
        }

        if (_rowsUpTo[owner] is { } row)
        {
            return Find(row, point * row[^1]);
        }

        double kept = _kept[owner];
        double own = _deficitsUpTo[owner + 1] - _deficitsUpTo[owner];
        double others = _deficitsUpTo[^1] - own;
        if (point < kept || others <= 0)
        {
            return owner;
        }

        // The owner's own stretch is cut out of the line of deficits.
        double place = (point - kept) / (1 - kept) * others;
        place += place >= _deficitsUpTo[owner] ? own : 0;
        return Find(_deficitsUpTo, place);
    }

    private static double PointOf(ChunkRef chunk)
    {
        ulong offset = DeterministicRandom.Mix(chunk.Content.Value.Prefix);
        return ((((ulong)chunk.Index.Value * GoldenRatio) + offset) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The stretch that a place on a line lies in; never one of no length.</summary>
    private static int Find(double[] upTo, double place)
    {
        int low = 0;
        int high = upTo.Length - 1;
        while (low + 1 < high)
        {
            int middle = (low + high) / 2;
            (low, high) = upTo[middle] <= place ? (middle, high) : (low, middle);
        }

        // Rounding can carry a place to the very end, behind which there may be peers without a share.
        while (upTo[low + 1] <= upTo[low])
        {
            low--;
        }

        return low;
    }
}
