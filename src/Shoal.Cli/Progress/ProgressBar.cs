using System.Globalization;

namespace Shoal.Cli.Progress;

/// <summary>How a share of a whole looks on a screen.</summary>
internal static class ProgressBar
{
    /// <summary>How wide a bar is.</summary>
    public const int Columns = 20;

    /// <summary>A bar.</summary>
    /// <param name="share">From 0 to 1.</param>
    public static string Of(double share)
    {
        int full = (int)(Math.Clamp(share, 0, 1) * Columns);
        return new string('█', full) + new string('░', Columns - full);
    }

    /// <summary>A share in percent, rounded down: 100 % is said of nothing that still lacks a byte.</summary>
    public static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):0}%");
}
