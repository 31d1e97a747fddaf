using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Simulate;

/// <summary>What is different with some peers: <c>3:up=20Mbit,site=lab</c> or <c>9-16:size=1GB</c>.</summary>
/// <param name="First">The first of the peers, from 1.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Size">Bytes that each of them owns, or null.</param>
/// <param name="Up">Its upload, or null.</param>
/// <param name="Down">Its download, or null.</param>
/// <param name="Site">The name of its site, or null.</param>
internal sealed record PeerOverride(int First, int Last, long? Size, BitRate? Up, BitRate? Down, string? Site)
{
    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out PeerOverride peers, [NotNullWhen(false)] out string? reason)
    {
        peers = null!;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !TryParseRange(text.AsSpan(0, colon), out int first, out int last))
        {
            reason = $"'{text}' does not begin with a peer; write for example 3:up=20Mbit or 9-16:size=1GB,down=50Mbit";
            return false;
        }

        peers = new PeerOverride(first, last, null, null, null, null);
        return KeyValues.TryParse(text, text[(colon + 1)..], ref peers, TrySet, out reason);
    }

    private static bool TryParseRange(ReadOnlySpan<char> text, out int first, out int last)
    {
        int dash = text.IndexOf('-');
        ReadOnlySpan<char> start = dash < 0 ? text : text[..dash];
        ReadOnlySpan<char> end = dash < 0 ? text : text[(dash + 1)..];
        last = 0;
        return KeyValues.TryParseCount(start, out first) && KeyValues.TryParseCount(end, out last) && first <= last;
    }

    private static bool TrySet(
        PeerOverride peers, string key, string value, out PeerOverride changed, [NotNullWhen(false)] out string? reason)
    {
        changed = peers;
        reason = null;
        switch (key)
        {
            case "size" when ByteSize.TryParse(value, out ByteSize size, out reason):
                changed = peers with { Size = size.Bytes };
                return true;
            case "up" when BitRate.TryParse(value, out BitRate up, out reason):
                changed = peers with { Up = up };
                return true;
            case "down" when BitRate.TryParse(value, out BitRate down, out reason):
                changed = peers with { Down = down };
                return true;
            case "site" when value.Length > 0:
                changed = peers with { Site = value };
                return true;
            default:
                reason ??= $"'{key}={value}' is not one of size=SIZE, up=RATE, down=RATE, site=NAME";
                return false;
        }
    }
}
