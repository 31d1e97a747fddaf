using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Core.Roster;

/// <summary>A peer's identity: 128 random bits that it keeps over restarts and address changes.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct PeerId(UInt128 Value) : IComparable<PeerId>
{
    /// <summary>The size of an id in bytes.</summary>
    public const int Size = 16;

    /// <summary>
    /// Nobody's: among a peer's neighbours it stands for the hub's relay, behind which are all whom it cannot reach.
    /// </summary>
    public static PeerId Relay => default;

    /// <summary>The first eight hexadecimal digits: enough for people and logs, never for a decision.</summary>
    public string Brief => ToString()[..8];

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerId id)
    {
        bool ok = UInt128.TryParse(
            text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 value)
            && text!.Length == 2 * Size;
        id = new PeerId(ok ? value : default);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(PeerId other) => Value.CompareTo(other.Value);

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <(PeerId a, PeerId b) => a.Value < b.Value;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >(PeerId a, PeerId b) => a.Value > b.Value;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <=(PeerId a, PeerId b) => a.Value <= b.Value;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >=(PeerId a, PeerId b) => a.Value >= b.Value;

    /// <summary>The id as 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
