using System.Globalization;

namespace Shoal.Cli.Rendering;

/// <summary>How many of something, as a person says it.</summary>
internal static class Counted
{
    /// <summary><c>1 file</c>, <c>2 files</c>.</summary>
    /// <param name="number">How many, 0 or more.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What others are called; null: the same with an s.</param>
    public static string Of(long number, string one, string? many = null) => string.Create(
        CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many ?? $"{one}s")}");
}
