using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Cli.Parsing;

/// <summary>How many times as much: a number with decimals.</summary>
internal static class Factor
{
    /// <summary>A parser for factors from 1 to a largest one.</summary>
    public static TextParser<double> UpTo(double largest) =>
        (string text, out double value, [NotNullWhen(false)] out string? reason) =>
        {
            bool isRead = double.TryParse(
                text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
                && value >= 1 && value <= largest;
            reason = isRead ? null : string.Create(CultureInfo.InvariantCulture,
                $"'{text}' is not a number from 1 to {largest}; write for example 1.5");
            return isRead;
        };
}
