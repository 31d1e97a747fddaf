using Shoal.Core.Randomness;

namespace Shoal.Core.Edge;

/// <summary>
/// A move of a search: adds a hat to the keys of a stretch of one client's list, so that it runs ahead there or lags.
/// </summary>
internal sealed class KeyBend(EdgeDemand demand, int[] keys, DeterministicRandom random)
{
    /// <summary>From one place of a list to the next.</summary>
    public const int KeyPerPlace = 1 << 10;

    private const int LeastWidth = 6;
    private const int WidthDoublings = 6;
    private const int HeightDoublings = 7;
    private const int MostOfEnd = 30;

    // However often lists are moved behind each other, keys stay numbers of 32 bits.
    private const int MostLastKey = 1 << 30;

    private readonly int[] _before = new int[keys.Length];
    private int _from;
    private int _end;

    /// <summary>Bends somewhere.</summary>
    public void Apply()
    {
        int client = random.Next(demand.Clients);
        int from = demand.StartOf(client);
        int end = demand.StartOf(client + 1);
        if (from == end)
        {
            (_from, _end) = (from, from);
            return;
        }

        int center = from + random.Next(end - from);
        int width = DrawScale(random, LeastWidth, WidthDoublings);
        int height = DrawScale(random, KeyPerPlace, HeightDoublings);
        height = random.Next(2) == 0 ? height : -height;
        _from = Math.Max(from, center - width);
        _end = Math.Min(end, center + width);
        Array.Copy(keys, _from, _before, _from, _end - _from);
        for (int request = _from; request < _end; request++)
        {
            keys[request] += (int)((long)height * (width - Math.Abs(request - center)) / width);
        }
    }

    /// <summary>
    /// Moves the last files of one client's list together: to where all lists end, or by some places.
    /// </summary>
    public void ApplyToEnd()
    {
        int client = random.Next(demand.Clients);
        _end = demand.StartOf(client + 1);
        _from = Math.Max(demand.StartOf(client), _end - 1 - random.Next(MostOfEnd));
        Array.Copy(keys, _from, _before, _from, _end - _from);
        if (_from == _end)
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            int height = DrawScale(random, KeyPerPlace / 2, HeightDoublings - 1);
            height = random.Next(2) == 0 ? height : -height;
            for (int request = _from; request < _end; request++)
            {
                keys[request] += height;
            }
        }
        else
        {
            int before = (_end - _from) * KeyPerPlace * random.Next(3) / 2;
            int first = LastKeyBut(client) - before;
            for (int request = _from; request < _end; request++)
            {
                keys[request] = first + ((request - _from) * KeyPerPlace);
            }
        }
    }

    /// <summary>Takes the last bend back.</summary>
    public void Undo() => Array.Copy(_before, _from, keys, _from, _end - _from);

    /// <summary>A number whose magnitude is drawn first: from least to least times 2^doublings.</summary>
    public static int DrawScale(DeterministicRandom random, int least, int doublings)
    {
        int scale = least << random.Next(doublings);
        return scale + random.Next(scale);
    }

    private int LastKeyBut(int client)
    {
        int last = 0;
        for (int other = 0; other < demand.Clients; other++)
        {
            int end = demand.StartOf(other + 1);
            last = other != client && end > demand.StartOf(other) ? Math.Max(last, keys[end - 1]) : last;
        }

        return Math.Min(last, MostLastKey);
    }
}
