namespace Shoal.Core.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014): the same random seed gives the same numbers on every machine, for ever.
/// Not for secrets.
/// </summary>
public sealed class DeterministicRandom(ulong randomSeed)
{
    private ulong _state = randomSeed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>A number from 0 to <paramref name="exclusiveMax"/>, exclusive.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is not positive.</exception>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(Next(), (uint)exclusiveMax, out _);
    }

    /// <summary>A number from 0 to 1, exclusive.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts a list into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Spreads the bits of a number over all 64: the output function of SplitMix64.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
