using System.Globalization;

namespace Shoal.Cli.Parsing;

/// <summary>The number before a unit, and the way figures are written for people.</summary>
internal static class Quantity
{
    /// <summary>Splits <c>1.5 GB</c> into 1.5 and <c>GB</c>; the unit may be missing.</summary>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        text = text.Trim();
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        unit = text[end..].TrimStart();
        return decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out number);
    }

    /// <summary>
    /// Three significant digits, more where the whole part has more, no trailing zeros: 0.421, 6.27, 95.7,
    /// 1500.
    /// </summary>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return value > 0 ? "unlimited" : "unknown";
        }

        double size = Math.Abs(value);
        string format = size < 0.9995 ? "0.###" : size < 9.995 ? "0.##" : size < 99.95 ? "0.#" : "0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Formats a value with the largest unit of which there is at least one.</summary>
    public static string Format(double value, ReadOnlySpan<string> thousands)
    {
        int unit = 0;
        while (unit < thousands.Length - 1 && Math.Abs(value) >= 999.5)
        {
            value /= 1000;
            unit++;
        }

        return $"{Format(value)} {thousands[unit]}";
    }
}
