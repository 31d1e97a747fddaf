using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Simulate;

/// <summary>A site whose peers share a link to all others: <c>lab:up=1Gbit,down=1Gbit</c>.</summary>
/// <param name="Name">What peers call it.</param>
/// <param name="Up">Capacity out of it; unlimited if not given.</param>
/// <param name="Down">Capacity into it; unlimited if not given.</param>
internal sealed record SiteDefinition(string Name, BitRate Up, BitRate Down)
{
    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out SiteDefinition site, [NotNullWhen(false)] out string? reason)
    {
        site = null!;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            reason = $"'{text}' does not begin with a name; write for example lab:up=1Gbit,down=1Gbit";
            return false;
        }

        site = new SiteDefinition(text[..colon], BitRate.Unlimited, BitRate.Unlimited);
        return KeyValues.TryParse(text, text[(colon + 1)..], ref site, TrySet, out reason);
    }

    private static bool TrySet(
        SiteDefinition site, string key, string value, out SiteDefinition changed,
        [NotNullWhen(false)] out string? reason)
    {
        changed = site;
        reason = null;
        switch (key)
        {
            case "up" when BitRate.TryParse(value, out BitRate up, out reason):
                changed = site with { Up = up };
                return true;
            case "down" when BitRate.TryParse(value, out BitRate down, out reason):
                changed = site with { Down = down };
                return true;
            default:
                reason ??= $"'{key}={value}' is not one of up=RATE, down=RATE";
                return false;
        }
    }
}
