using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Shoal.Core.Edge;

namespace Shoal.Cli.Parsing;

/// <summary>The rates of an edge tier's connections in kbit/s, as <c>1,2,3</c> says them in Mbit/s.</summary>
/// <param name="OriginToClient">From the origin to a client.</param>
/// <param name="OriginToEdge">From the origin to an edge.</param>
/// <param name="EdgeToClient">From an edge to a client.</param>
internal readonly record struct TierRates(long OriginToClient, long OriginToEdge, long EdgeToClient)
{
    private const decimal KilobitsPerMegabit = 1000;

    /// <summary>What is taken where nobody says anything: 1, 2 and 3 Mbit/s.</summary>
    public static TierRates Default { get; } = new(1000, 2000, 3000);

    /// <summary>Reads three numbers.</summary>
    public static bool TryParse(string text, out TierRates rates, [NotNullWhen(false)] out string? reason)
    {
        string[] parts = text.Split(',');
        long[] values = new long[3];
        bool isRead = parts.Length == values.Length;
        for (int i = 0; isRead && i < values.Length; i++)
        {
            isRead = TryParseRate(parts[i], out values[i]);
        }

        rates = new TierRates(values[0], values[1], values[2]);
        reason = isRead
            ? null
            : $"'{text}' is not three rates in Mbit/s, from origin to client, origin to edge and edge to client; write "
                + "for example 1,2,3, with three decimals at most";
        return isRead;
    }

    /// <summary>The rates as they are written.</summary>
    public override string ToString() => string.Join(
        ", ", new[] { OriginToClient, OriginToEdge, EdgeToClient }.Select(
            rate => (rate / KilobitsPerMegabit).ToString("0.###", CultureInfo.InvariantCulture)));

    private static bool TryParseRate(string text, out long rate)
    {
        rate = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal megabits)
            || megabits <= 0 || megabits > EdgeShape.MostRate / KilobitsPerMegabit)
        {
            return false;
        }

        rate = (long)(megabits * KilobitsPerMegabit);
        return rate == megabits * KilobitsPerMegabit;
    }
}
