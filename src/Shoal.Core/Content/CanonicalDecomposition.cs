using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Shoal.Core.Content;

/// <summary>
/// Unicode's normal form D (Unicode Standard Annex 15): precomposed characters are taken apart and combining
/// marks put into canonical order. Written out because the program is built with invariant globalization,
/// where <see cref="string.Normalize()"/> leaves all but ASCII as it is.
/// </summary>
internal static class CanonicalDecomposition
{
    // Hangul syllables are decomposed by arithmetic (Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int VowelCount = 21, TrailCount = 28, SyllableCount = 19 * VowelCount * TrailCount;

    private static readonly FrozenDictionary<int, Rune[]> Decompositions;
    private static readonly FrozenDictionary<int, byte> CombiningClasses;

    static CanonicalDecomposition()
    {
        var decompositions = new Dictionary<int, Rune[]>();
        var classes = new Dictionary<int, byte>();
        using Stream data = typeof(CanonicalDecomposition).Assembly
            .GetManifestResourceStream("Shoal.Core.Content.decomposition.txt")!;
        using var reader = new StreamReader(data, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('#'))
            {
                continue;
            }
            else if (equals > 0)
            {
                decompositions[Hex(line[..equals])] =
                    [.. line[(equals + 1)..].Split(' ').Select(code => new Rune(Hex(code)))];
            }
            else
            {
                string[] parts = line.Split(' ');
                for (int code = Hex(parts[0]); code <= Hex(parts[1]); code++)
                {
                    classes[code] = byte.Parse(parts[2], CultureInfo.InvariantCulture);
                }
            }
        }

        Decompositions = decompositions.ToFrozenDictionary();
        CombiningClasses = classes.ToFrozenDictionary();
    }

    /// <summary>Appends the decomposition of a text, as code points in canonical order.</summary>
    public static void Append(IEnumerable<Rune> text, List<Rune> result)
    {
        foreach (Rune rune in text)
        {
            int syllable = rune.Value - SyllableBase;
            if ((uint)syllable < SyllableCount)
            {
                AppendSyllable(syllable, result);
            }
            else if (Decompositions.TryGetValue(rune.Value, out Rune[]? parts))
            {
                foreach (Rune part in parts)
                {
                    AppendOrdered(part, result);
                }
            }
            else
            {
                AppendOrdered(rune, result);
            }
        }
    }

    private static void AppendSyllable(int syllable, List<Rune> result)
    {
        result.Add(new Rune(LeadBase + (syllable / (VowelCount * TrailCount))));
        result.Add(new Rune(VowelBase + (syllable / TrailCount % VowelCount)));
        if (syllable % TrailCount != 0)
        {
            result.Add(new Rune(TrailBase + (syllable % TrailCount)));
        }
    }

    // A mark moves before marks of a higher class, never past a starter (class 0) or one of its own class.
    private static void AppendOrdered(Rune rune, List<Rune> result)
    {
        int at = result.Count;
        int own = ClassOf(rune);
        while (own != 0 && at > 0 && ClassOf(result[at - 1]) > own)
        {
            at--;
        }

        result.Insert(at, rune);
    }

    private static int ClassOf(Rune rune) => CombiningClasses.GetValueOrDefault(rune.Value);

    private static int Hex(string text) =>
        int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
