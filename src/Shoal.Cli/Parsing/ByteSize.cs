using System.Diagnostics.CodeAnalysis;

namespace Shoal.Cli.Parsing;

/// <summary>
/// A number of bytes as people write it: <c>64MB</c> is 64,000,000, <c>64MiB</c> is 67,108,864.
/// </summary>
/// <param name="Bytes">0 or more.</param>
internal readonly record struct ByteSize(long Bytes)
{
    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Reads a size. Without a unit it is bytes; the case of a unit does not matter.</summary>
    public static bool TryParse(string text, out ByteSize size, [NotNullWhen(false)] out string? reason)
    {
        size = default;
        reason = $"'{text}' is not a size; write for example 500MB, 64MiB or 1048576";
        if (!Quantity.TrySplit(text, out decimal number, out string unit) || Factor(unit) is not decimal factor)
        {
            return false;
        }

        // Nothing near the end of the range of a decimal can be meant, so it may not overflow.
        if (number > long.MaxValue / factor)
        {
            reason = $"'{text}' is too much; the largest size is {new ByteSize(long.MaxValue)}";
            return false;
        }

        decimal bytes = number * factor;
        if (bytes != decimal.Truncate(bytes))
        {
            reason = $"'{text}' is not a whole number of bytes";
            return false;
        }

        size = new ByteSize((long)bytes);
        reason = null;
        return true;
    }

    /// <summary>The size for people, in decimal units: <c>500 MB</c>.</summary>
    public override string ToString() => Quantity.Format(Bytes, s_units);

    /// <summary>The bytes that a unit stands for; null: there is no such unit.</summary>
    internal static decimal? Factor(string unit) => unit.ToUpperInvariant() switch
    {
        "" or "B" => 1m,
        "K" or "KB" => 1e3m,
        "M" or "MB" => 1e6m,
        "G" or "GB" => 1e9m,
        "T" or "TB" => 1e12m,
        "KIB" or "KI" => 1L << 10,
        "MIB" or "MI" => 1L << 20,
        "GIB" or "GI" => 1L << 30,
        "TIB" or "TI" => 1L << 40,
        _ => null,
    };
}
