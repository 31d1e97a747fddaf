using System.Numerics;

namespace Shoal.Core.Edge;

/// <summary>
/// The idle copies at one edge: a set of bits, by the place of their next use in the order of all starts.
/// </summary>
internal sealed class CopyShelf(int requests)
{
    private readonly ulong[] _idle = new ulong[(requests / 64) + 1];
    private int _top;

    public void Clear()
    {
        Array.Clear(_idle);
        _top = 0;
    }

    public void Add(int place)
    {
        _idle[place >> 6] |= 1UL << (place & 63);
        _top = Math.Max(_top, place >> 6);
    }

    public void Remove(int place) => _idle[place >> 6] &= ~(1UL << (place & 63));

    /// <summary>The last place before another where an idle copy is used next; -1: there is none.</summary>
    public int FurthestBefore(int place)
    {
        while (_top > 0 && _idle[_top] == 0)
        {
            _top--;
        }

        int word = Math.Min(_top, (place - 1) >> 6);
        if (word < 0)
        {
            return -1;
        }

        ulong bits = _idle[word];
        if (word == (place - 1) >> 6)
        {
            bits &= ulong.MaxValue >> (63 - ((place - 1) & 63));
        }

        while (bits == 0)
        {
            if (--word < 0)
            {
                return -1;
            }

            bits = _idle[word];
        }

        return (word << 6) + 63 - BitOperations.LeadingZeroCount(bits);
    }
}
