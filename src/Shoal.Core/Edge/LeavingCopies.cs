namespace Shoal.Core.Edge;

/// <summary>
/// Copies that are sent for the last time and have room until that ends, while a <see cref="CopyCounter"/> walks; its
/// time is what the edges have received, and a delivery takes as long as a fill.
/// </summary>
internal sealed class LeavingCopies(int most, int clients)
{
    private readonly long[] _ends = new long[most + 1];
    private readonly int[] _sizes = new int[most + 1];
    private readonly long[] _lineEnds = new long[clients];
    private int _first;
    private int _end;

    public void Clear()
    {
        _first = _end = 0;
        Array.Clear(_lineEnds);
    }

    /// <summary>A file is sent to a client behind what is on its way to it; when that ends.</summary>
    public long Send(int client, long now, int size) =>
        _lineEnds[client] = Math.Max(_lineEnds[client], now) + size;

    /// <summary>A copy leaves at a time.</summary>
    public void Add(long end, int size)
    {
        int at = _end++;
        for (; at > _first && _ends[at - 1] > end; at--)
        {
            _ends[at] = _ends[at - 1];
            _sizes[at] = _sizes[at - 1];
        }

        (_ends[at], _sizes[at]) = (end, size);
    }

    /// <summary>The kb of those that have left by now.</summary>
    public long TakeGone(long now)
    {
        long gone = 0;
        while (_first < _end && _ends[_first] <= now)
        {
            gone += _sizes[_first++];
        }

        return gone;
    }
}
