using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Shoal.Cli.Logging;

/// <summary>
/// Writes a value of a log line so that the line stays one line and can be read back by a program.
/// </summary>
internal static class LogValue
{
    /// <summary>No value is longer than this; the rest is cut off and the cut is marked.</summary>
    public const int Longest = 4096;

    private static readonly SearchValues<char> s_special = SearchValues.Create(" |\"\\\t\r\n\u0085\u2028\u2029");

    private static readonly SearchValues<char> s_numbers = SearchValues.Create(" 0123456789");

    /// <summary>
    /// Appends a value: numbers with a point, times in seconds, lists with commas, nothing as <c>-</c>; a
    /// text with blanks, bars, quotes or control characters in quotes, with the escapes of JSON. Numbers in brackets
    /// stay as they are.
    /// </summary>
    public static void Append(StringBuilder line, object? value) => AppendText(line, TextOf(value));

    private static string TextOf(object? value) => value switch
    {
        null => "-",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        float number => number.ToString("0.######", CultureInfo.InvariantCulture),
        TimeSpan span => span.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + "s",
        DateTimeOffset moment => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(TextOf)),
        _ => value.ToString() ?? "-",
    };

    private static void AppendText(StringBuilder line, string text)
    {
        bool isCut = text.Length > Longest;
        ReadOnlySpan<char> span = isCut ? text.AsSpan(0, Longest) : text;
        if (!isCut && !span.IsEmpty
            && (IsNumberList(span) || (span.IndexOfAny(s_special) < 0 && !HasControl(span))))
        {
            line.Append(span);
            return;
        }

        line.Append('"');
        foreach (char c in span)
        {
            AppendEscaped(line, c);
        }

        line.Append(isCut ? "...\"" : "\"");
    }

    private static void AppendEscaped(StringBuilder line, char c)
    {
        switch (c)
        {
            case '"' or '\\':
                line.Append('\\').Append(c);
                break;
            case '\n':
                line.Append("\\n");
                break;
            case '\r':
                line.Append("\\r");
                break;
            case '\t':
                line.Append("\\t");
                break;
            case '\u2028' or '\u2029':
            case var _ when char.IsControl(c):
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
            default:
                line.Append(c);
                break;
        }
    }

    // [7 12]: what is in brackets ends with them, so the blanks do no harm; some lines are read by other programs.
    private static bool IsNumberList(ReadOnlySpan<char> text) =>
        text is ['[', .. var inside, ']'] && inside.IndexOfAnyExcept(s_numbers) < 0;

    private static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }
}
