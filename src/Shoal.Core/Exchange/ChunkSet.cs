using System.Numerics;

namespace Shoal.Core.Exchange;

/// <summary>A set of chunks by their number in a <see cref="SwarmCatalog"/>; grows with the catalog.</summary>
internal sealed class ChunkSet
{
    private ulong[] _words = [];

    /// <summary>How many chunks are in the set.</summary>
    public int Count { get; private set; }

    public bool Contains(int chunk)
    {
        int word = chunk >> 6;
        return word < _words.Length && (_words[word] & (1UL << (chunk & 63))) != 0;
    }

    /// <summary>Adds a chunk; true if it was not in the set.</summary>
    public bool Add(int chunk)
    {
        int word = chunk >> 6;
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
        }

        ulong mask = 1UL << (chunk & 63);
        if ((_words[word] & mask) != 0)
        {
            return false;
        }

        _words[word] |= mask;
        Count++;
        return true;
    }

    /// <summary>Removes a chunk; true if it was in the set.</summary>
    public bool Remove(int chunk)
    {
        if (!Contains(chunk))
        {
            return false;
        }

        _words[chunk >> 6] &= ~(1UL << (chunk & 63));
        Count--;
        return true;
    }

    /// <summary>Adds all chunks of another set.</summary>
    public void UnionWith(ChunkSet other)
    {
        if (_words.Length < other._words.Length)
        {
            Array.Resize(ref _words, other._words.Length);
        }

        Count = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            _words[i] |= i < other._words.Length ? other._words[i] : 0;
            Count += BitOperations.PopCount(_words[i]);
        }
    }

    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }

    /// <summary>The lowest chunk in the set from <paramref name="start"/> on, or -1.</summary>
    public int NextFrom(int start)
    {
        int word = start >> 6;
        if (word >= _words.Length)
        {
            return -1;
        }

        ulong bits = _words[word] & (ulong.MaxValue << (start & 63));
        while (bits == 0)
        {
            if (++word >= _words.Length)
            {
                return -1;
            }

            bits = _words[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
