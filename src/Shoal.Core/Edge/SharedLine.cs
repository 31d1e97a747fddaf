namespace Shoal.Core.Edge;

/// <summary>
/// A connection whose files in flight share it equally, in whole numbers: a counter of the service that each file in
/// flight has received, and for each file the reading at which it ends (the virtual clock of Zhang, 1990, for equal
/// weights). Every end is the exact one, rounded up to a whole nanosecond or two.
/// </summary>
internal sealed class SharedLine
{
    // Units of service a kb: as many as fit, so that a whole run stays below 2^63; at 1 kbit/s one a nanosecond.
    private const long MostUnits = 100_000_000_000;
    private const long LeastUnits = 1_000_000_000;

    // Products of what is below these fit into 64 bits.
    private const long SmallService = 1L << 50;
    private const int SmallCount = 1 << 13;

    private readonly long _rate;
    private readonly long _units;
    private readonly long _smallSpan;
    private long[] _ends = new long[4];
    private int[] _tags = new int[4];
    private long _service;
    private long _now;

    /// <summary>Makes an idle connection at time 0.</summary>
    /// <param name="rate">In kbit/s, above 0.</param>
    /// <param name="mostKb">What it carries at most, up to <see cref="EdgeDemand.MostWantedKb"/>.</param>
    public SharedLine(long rate, long mostKb)
    {
        _units = MostUnits;
        while (_units > LeastUnits && mostKb > long.MaxValue / _units)
        {
            _units /= 10;
        }

        _rate = checked(rate * (_units / LeastUnits));
        _smallSpan = long.MaxValue / _rate;
    }

    /// <summary>How many files are in flight.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// When the next file ends if nothing else starts, in nanoseconds; <see cref="long.MaxValue"/>: none is in flight.
    /// </summary>
    public long NextEnd { get; private set; } = long.MaxValue;

    /// <summary>The tag of the file that ends next; there must be one in flight.</summary>
    public int NextTag => _tags[0];

    /// <summary>Begins anew, idle, at time 0.</summary>
    public void Clear()
    {
        _service = 0;
        _now = 0;
        Count = 0;
        NextEnd = long.MaxValue;
    }

    /// <summary>Puts a file in flight.</summary>
    /// <param name="now">The time, in nanoseconds; not before the last change, not after <see cref="NextEnd"/>.</param>
    /// <param name="kilobits">Its size.</param>
    /// <param name="tag">What <see cref="TakeEnded"/> shall return.</param>
    public void Start(long now, long kilobits, int tag)
    {
        Advance(now);
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _tags, Count * 2);
        }

        long end = checked(_service + (kilobits * _units));
        int at = Count++;
        while (at > 0 && _ends[(at - 1) / 2] > end)
        {
            Move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }

        (_ends[at], _tags[at]) = (end, tag);
        SetNextEnd();
    }

    /// <summary>Takes the file that ends at <see cref="NextEnd"/>.</summary>
    /// <returns>Its tag.</returns>
    public int TakeEnded()
    {
        Advance(NextEnd);
        int tag = _tags[0];
        Count--;
        (long end, int last) = (_ends[Count], _tags[Count]);
        int at = 0;
        for (int child = 1; child < Count; child = (at * 2) + 1)
        {
            child += child + 1 < Count && _ends[child + 1] < _ends[child] ? 1 : 0;
            if (_ends[child] >= end)
            {
                break;
            }

            Move(child, at);
            at = child;
        }

        (_ends[at], _tags[at]) = (end, last);
        SetNextEnd();
        return tag;
    }

    private void Move(int from, int to) => (_ends[to], _tags[to]) = (_ends[from], _tags[from]);

    private void Advance(long now)
    {
        if (Count == 0)
        {
            _service = 0;
        }
        else
        {
            long span = now - _now;
            _service += span > _smallSpan ? (long)((Int128)span * _rate / Count)
                : Count == 1 ? span * _rate
                : span * _rate / Count;
        }

        _now = now;
    }

    private void SetNextEnd()
    {
        if (Count == 0)
        {
            NextEnd = long.MaxValue;
            return;
        }

        long left = Math.Max(0, _ends[0] - _service);
        NextEnd = _now + (left < SmallService && Count < SmallCount
            ? ((left * Count) + _rate - 1) / _rate
            : (long)((((Int128)left * Count) + _rate - 1) / _rate));
    }
}
