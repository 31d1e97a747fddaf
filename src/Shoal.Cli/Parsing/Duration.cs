using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Cli.Parsing;

/// <summary>
/// A span of time as people write it: <c>60</c> and <c>60s</c> are a minute, <c>1ms</c> is short.
/// </summary>
/// <param name="Value">0 or more.</param>
internal readonly record struct Duration(TimeSpan Value)
{
    /// <summary>Reads a duration. Without a unit it is seconds.</summary>
    public static bool TryParse(string text, out Duration duration, [NotNullWhen(false)] out string? reason)
    {
        duration = default;
        reason = $"'{text}' is not a time; write for example 60 (seconds), 1.5s, 250ms or 2min";
        if (!Quantity.TrySplit(text, out decimal number, out string unit) || Ticks(unit) is not long factor)
        {
            return false;
        }

        if (number > (decimal)long.MaxValue / factor)
        {
            reason = $"'{text}' is too long";
            return false;
        }

        duration = new Duration(new TimeSpan((long)decimal.Round(number * factor)));
        reason = null;
        return true;
    }

    /// <summary>
    /// The time for people, as a figure to compare: <c>350 ms</c>, <c>6.27 s</c>, <c>120.4 s</c>.
    /// </summary>
    public override string ToString()
    {
        double seconds = Value.TotalSeconds;
        return Math.Abs(seconds) < 0.9995
            ? $"{Quantity.Format(Value.TotalMilliseconds)} ms"
            : Math.Abs(seconds) < 9.995
                ? $"{Quantity.Format(seconds)} s"
                : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
    }

    /// <summary>
    /// The time as one waits for it, to the second: <c>45 s</c>, <c>3 min 20 s</c>, <c>1 h 12 min</c>.
    /// </summary>
    public string ToWait()
    {
        // Rounded up: "0 s left" is said of nothing that is still running.
        double seconds = Math.Ceiling(Value.TotalSeconds);
        if (seconds < 60)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s");
        }

        var rounded = TimeSpan.FromSeconds(seconds);
        return rounded switch
        {
            { TotalHours: < 1 } => $"{rounded.Minutes} min {rounded.Seconds} s",
            { TotalDays: < 1 } => $"{rounded.Hours} h {rounded.Minutes} min",
            { TotalDays: < 1000 } => $"{rounded.Days} d {rounded.Hours} h",
            _ => "very long",
        };
    }

    private static long? Ticks(string unit) => unit.ToUpperInvariant() switch
    {
        "US" or "µS" or "ΜS" => TimeSpan.TicksPerMicrosecond,
        "MS" => TimeSpan.TicksPerMillisecond,
        "" or "S" or "SEC" => TimeSpan.TicksPerSecond,
        "M" or "MIN" => TimeSpan.TicksPerMinute,
        "H" => TimeSpan.TicksPerHour,
        "D" => TimeSpan.TicksPerDay,
        _ => null,
    };
}
