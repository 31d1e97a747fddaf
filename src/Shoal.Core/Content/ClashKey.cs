using System.Text;

namespace Shoal.Core.Content;

/// <summary>
/// What is left of a name when case and Unicode form do not matter. Two names with equal keys cannot lie side
/// by side on every system: Windows and macOS ignore case, and macOS also how an accent is encoded.
/// </summary>
/// <remarks>
/// Canonical decomposition, simple upper case and then simple lower case for each character (both, so that ẞ
/// and ß, Σ and ς meet), canonical decomposition again. Full folding (ß to ss) is left out: where a file
/// system does it, the clash shows when the file is created.
/// </remarks>
public readonly record struct ClashKey
{
    // The runtime maps no character beyond ASCII into it, but U+017F is an s to every file system that folds
    // case.
    private const int LongS = 0x17F;

    private readonly string? _value;

    private ClashKey(string value) => _value = value;

    /// <summary>The key of a whole name, <c>/</c> included.</summary>
    public static ClashKey Of(EntryName name) => Of(name.Value);

    /// <summary>The key of any text. Half a surrogate pair counts as U+FFFD.</summary>
    public static ClashKey Of(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return new ClashKey(string.Create(
                text.Length, text, static (key, source) => Ascii.ToLower(source, key, out _)));
        }

        var runes = new List<Rune>(text.Length);
        var folded = new List<Rune>(text.Length);
        CanonicalDecomposition.Append(RunesOf(text), runes);
        for (int i = 0; i < runes.Count; i++)
        {
            runes[i] = runes[i].Value == LongS
                ? new Rune('s')
                : Rune.ToLowerInvariant(Rune.ToUpperInvariant(runes[i]));
        }

        CanonicalDecomposition.Append(runes, folded);
        var key = new StringBuilder(folded.Count);
        Span<char> units = stackalloc char[2];
        foreach (Rune rune in folded)
        {
            key.Append(units[..rune.EncodeToUtf16(units)]);
        }

        return new ClashKey(key.ToString());
    }

    /// <summary>The key as text; not a name.</summary>
    public override string ToString() => _value ?? "";

    private static List<Rune> RunesOf(ReadOnlySpan<char> text)
    {
        var runes = new List<Rune>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            runes.Add(rune);
        }

        return runes;
    }
}
