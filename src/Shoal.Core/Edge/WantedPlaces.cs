using System.Numerics;

namespace Shoal.Core.Edge;

/// <summary>A set of places in the order of all starts, as bits; the first ones are looked for.</summary>
internal sealed class WantedPlaces(int places)
{
    private readonly ulong[] _bits = new ulong[(places / 64) + 1];
    private int _first;

    public void Clear()
    {
        Array.Clear(_bits);
        _first = 0;
    }

    public void Add(int place)
    {
        _bits[place >> 6] |= 1UL << (place & 63);
        _first = Math.Min(_first, place >> 6);
    }

    public bool Contains(int place) => (_bits[place >> 6] & (1UL << (place & 63))) != 0;

    public void Remove(int place) => _bits[place >> 6] &= ~(1UL << (place & 63));

    /// <summary>The first place of the set, from one on; -1: there is none.</summary>
    public int FirstFrom(int place)
    {
        while (_first < _bits.Length && _bits[_first] == 0)
        {
            _first++;
        }

        int word = Math.Max(_first, place >> 6);
        if (word >= _bits.Length)
        {
            return -1;
        }

        ulong bits = _bits[word];
        if (word == place >> 6)
        {
            bits &= ulong.MaxValue << (place & 63);
        }

        while (bits == 0)
        {
            if (++word == _bits.Length)
            {
                return -1;
            }

            bits = _bits[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
