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

    /// <summary>Takes the last bend back.</summary>
    public void Undo() => Array.Copy(_before, _from, keys, _from, _end - _from);

    /// <summary>A number whose magnitude is drawn first: from least to least times 2^doublings.</summary>
    public static int DrawScale(DeterministicRandom random, int least, int doublings)
    {
        int scale = least << random.Next(doublings);
        return scale + random.Next(scale);
    }
}
