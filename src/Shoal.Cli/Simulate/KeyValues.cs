using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Cli.Simulate;

/// <summary>Takes one <c>key=value</c> into what was read so far.</summary>
internal delegate bool KeyValueSetter<T>(
    T before, string key, string value, out T after, [NotNullWhen(false)] out string? reason);

/// <summary>Reads the part behind the colon of <c>3:up=20Mbit,down=50Mbit</c>.</summary>
internal static class KeyValues
{
    /// <summary>Reads all pairs; there must be one at least, and none twice.</summary>
    public static bool TryParse<T>(
        string whole, string pairs, ref T result, KeyValueSetter<T> setter, [NotNullWhen(false)] out string? reason)
    {
        var seen = new HashSet<string>();
        foreach (string pair in pairs.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                reason = $"in '{whole}', '{pair}' is not a pair such as up=20Mbit";
                return false;
            }

            string key = pair[..equals].ToLowerInvariant();
            if (!seen.Add(key))
            {
                reason = $"in '{whole}', {key} is given twice";
                return false;
            }

            if (!setter(result, key, pair[(equals + 1)..], out result, out string? why))
            {
                reason = $"in '{whole}', {why}";
                return false;
            }
        }

        reason = null;
        return true;
    }

    /// <summary>Reads a number from 1 on.</summary>
    public static bool TryParseCount(ReadOnlySpan<char> text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
