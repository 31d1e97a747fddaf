using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Cli.Parsing;

/// <summary>Counts and random seeds.</summary>
internal static class WholeNumber
{
    /// <summary>A parser for whole numbers of a range.</summary>
    public static TextParser<int> From(int smallest, int largest) =>
        (string text, out int value, [NotNullWhen(false)] out string? reason) =>
        {
            bool isRead = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                && value >= smallest && value <= largest;
            reason = isRead ? null : string.Create(CultureInfo.InvariantCulture,
                $"'{text}' is not a whole number from {smallest} to {largest}");
            return isRead;
        };

    /// <summary>Reads a random seed.</summary>
    public static bool TryParseSeed(string text, out ulong value, [NotNullWhen(false)] out string? reason)
    {
        bool isRead = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        reason = isRead ? null : $"'{text}' is not a whole number from 0 to {ulong.MaxValue}";
        return isRead;
    }
}
