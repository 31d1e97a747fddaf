using System.Globalization;
using System.Text;

namespace Shoal.Cli.Rendering;

/// <summary>How wide names in any script are on a screen of fixed columns.</summary>
internal static class TextWidth
{
    private const char Cutting = '…';

    /// <summary>
    /// The columns that a text takes: 2 for East Asian wide characters, 0 for combining ones.
    /// </summary>
    public static int Of(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>
    /// A text for one line: control characters replaced, and cut at its end if it is too wide.
    /// </summary>
    public static string Cut(string text, int columns)
    {
        var kept = new StringBuilder();
        int width = 0;
        string clean = Clean(text);
        bool fits = Of(clean) <= columns;
        foreach (Rune rune in clean.EnumerateRunes())
        {
            width += Of(rune);
            if (!fits && width > columns - 1)
            {
                return kept.Append(Cutting).ToString();
            }

            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }

    /// <summary>
    /// A text as lines of so many columns at most: parts that have commas between them go on in the next line, and so
    /// do the words of a part that is too wide by itself. A word that is too wide is cut.
    /// </summary>
    public static IEnumerable<string> Fold(string text, int columns)
    {
        string line = "";
        foreach (string part in PartsOf(text, columns))
        {
            string longer = line.Length == 0 ? part : $"{line} {part}";
            if (line.Length > 0 && Of(Clean(longer)) > columns)
            {
                yield return Cut(line, columns);
                longer = part;
            }

            line = longer;
        }

        yield return Cut(line, columns);
    }

    /// <summary>A text of exactly so many columns, cut or filled with blanks at its end.</summary>
    public static string Fit(string text, int columns) => Fill(Cut(text, columns), columns);

    /// <summary>
    /// A text of exactly so many columns, cut in its middle: names that begin alike often differ at their ends.
    /// </summary>
    public static string FitEnds(string text, int columns)
    {
        string clean = Clean(text);
        if (Of(clean) <= columns)
        {
            return Fill(clean, columns);
        }

        Rune[] runes = [.. clean.EnumerateRunes()];
        string end = string.Concat(Within(runes.Reverse(), (columns - 1) / 2).Reverse());
        string beginning = string.Concat(Within(runes, columns - 1 - Of(end)));
        return Fill(beginning + Cutting + end, columns);
    }

    /// <summary>A text without characters that could move the cursor or turn the line around.</summary>
    public static string Clean(string text) => text.All(IsHarmless)
        ? text
        : string.Concat(text.Select(c => IsHarmless(c) ? c : '?'));

    private static string Fill(string text, int columns) =>
        text + new string(' ', Math.Max(0, columns - Of(text)));

    private static IEnumerable<Rune> Within(IEnumerable<Rune> runes, int columns) =>
        runes.TakeWhile(rune => (columns -= Of(rune)) >= 0);

    private static IEnumerable<string> PartsOf(string text, int columns)
    {
        string[] parts = text.Split(", ");
        for (int i = 0; i < parts.Length; i++)
        {
            string part = i < parts.Length - 1 ? parts[i] + "," : parts[i];
            foreach (string words in Of(Clean(part)) <= columns ? [part] : part.Split(' '))
            {
                yield return words;
            }
        }
    }

    private static bool IsHarmless(char c) =>
        !char.IsControl(c) && c is not (>= '\u202A' and <= '\u202E') and not (>= '\u2066' and <= '\u2069');

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // The wide ranges of Unicode Standard Annex 11, as blocks.
    private static bool IsWide(int c) => c
        is (>= 0x1100 and <= 0x115F)
        or (>= 0x2E80 and <= 0x303E)
        or (>= 0x3041 and <= 0xA4CF)
        or (>= 0xA960 and <= 0xA97F)
        or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F)
        or (>= 0x1F680 and <= 0x1F6FF)
        or (>= 0x1F900 and <= 0x1F9FF)
        or (>= 0x20000 and <= 0x3FFFD);
}
