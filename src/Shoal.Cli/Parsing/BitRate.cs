using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Cli.Parsing;

/// <summary>A speed of a link as people write it: <c>100Mbit</c> is 12,500,000 bytes per second.</summary>
/// <param name="BytesPerSecond">More than 0; positive infinity where nothing limits it.</param>
internal readonly record struct BitRate(double BytesPerSecond)
{
    /// <summary>No limit at all.</summary>
    public static readonly BitRate Unlimited = new(double.PositiveInfinity);

    private static readonly string[] s_units = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];

    /// <summary>
    /// Reads a rate: <c>100Mbit</c>, <c>1.5 Gbit/s</c>, <c>800kbps</c>, <c>12.5MB/s</c>, <c>12MiB/s</c> or
    /// <c>unlimited</c>. A unit is asked for, because nobody agrees on what a bare number means.
    /// </summary>
    public static bool TryParse(string text, out BitRate rate, [NotNullWhen(false)] out string? reason)
    {
        rate = default;
        reason = null;
        if (text.Trim().Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            rate = Unlimited;
            return true;
        }

        reason = $"'{text}' is not a rate; write for example 100Mbit (per second), 12.5MB/s or unlimited";
        if (!Quantity.TrySplit(text, out decimal number, out string unit) || BytesPer(unit) is not decimal factor)
        {
            return false;
        }

        if (number <= 0)
        {
            reason = $"'{text}' would never move a byte; a rate is more than 0";
            return false;
        }

        rate = new BitRate((double)number * (double)factor);
        reason = null;
        return true;
    }

    /// <summary>The rate for people, in bits: <c>95.7 Mbit/s</c>.</summary>
    public override string ToString() => double.IsPositiveInfinity(BytesPerSecond)
        ? "unlimited"
        : Quantity.Format(BytesPerSecond * 8, s_units);

    /// <summary>The rate, to the bit, as a command line takes it: <c>95700kbit</c>.</summary>
    public string ToArgument()
    {
        if (double.IsPositiveInfinity(BytesPerSecond))
        {
            return "unlimited";
        }

        decimal bits = Math.Max(1, decimal.Round((decimal)BytesPerSecond * 8));
        (decimal scaled, string unit) = bits switch
        {
            _ when bits % 1_000_000 == 0 => (bits / 1_000_000, "Mbit"),
            _ when bits % 1_000 == 0 => (bits / 1_000, "kbit"),
            _ => (bits, "bit"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{scaled:0}{unit}");
    }

    private static decimal? BytesPer(string unit)
    {
        bool isPerSecond = unit.EndsWith("/s", StringComparison.OrdinalIgnoreCase);
        string amount = isPerSecond ? unit[..^2] : unit;
        decimal? bits = amount.ToUpperInvariant() switch
        {
            "BIT" => 1m,
            "KBIT" => 1e3m,
            "MBIT" => 1e6m,
            "GBIT" => 1e9m,
            "TBIT" => 1e12m,
            "BPS" when !isPerSecond => 1m,
            "KBPS" when !isPerSecond => 1e3m,
            "MBPS" when !isPerSecond => 1e6m,
            "GBPS" when !isPerSecond => 1e9m,
            _ => null,
        };
        if (bits is not null)
        {
            // MBps is written for megabytes as often as for megabits.
            return amount.EndsWith("Bps", StringComparison.Ordinal) ? null : bits / 8;
        }

        // Of 100M and 100Mb nobody can say whether bits or bytes are meant; of MB they can.
        return amount.EndsWith('B') ? ByteSize.Factor(amount) : null;
    }
}
