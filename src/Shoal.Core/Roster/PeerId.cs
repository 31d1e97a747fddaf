using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Core.Roster;

/// <summary>A peer's identity: 128 random bits that it keeps over restarts and address changes.</summary>
/// <remarks>
/// Two numbers rather than a <see cref="UInt128"/>: no code that touches one of those can be compiled before it runs.
/// </remarks>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits.</param>
public readonly record struct PeerId(ulong High, ulong Low) : IComparable<PeerId>
{
    /// <summary>The size of an id in bytes.</summary>
    public const int Size = 16;

    /// <summary>
    /// Nobody's: among a peer's neighbours it stands for the hub's relay, behind which are all whom it cannot reach.
    /// </summary>
    public static PeerId Relay => default;

    /// <summary>The first eight hexadecimal digits: enough for people and logs, never for a decision.</summary>
    public string Brief => ToString()[..8];

    /// <summary>Reads an id from the first <see cref="Size"/> bytes of a span.</summary>
    public static PeerId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[(Size / 2)..]));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerId id)
    {
        id = default;
        if (text is not { Length: 2 * Size } || !TryParseHalf(text.AsSpan(0, Size), out ulong high)
            || !TryParseHalf(text.AsSpan(Size), out ulong low))
        {
            return false;
        }

        id = new PeerId(high, low);
        return true;
    }

    /// <summary>Writes the id to the first <see cref="Size"/> bytes of a span.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[(Size / 2)..], Low);
    }

    /// <inheritdoc/>
    public int CompareTo(PeerId other) =>
        High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <(PeerId a, PeerId b) => a.CompareTo(b) < 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >(PeerId a, PeerId b) => a.CompareTo(b) > 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator <=(PeerId a, PeerId b) => a.CompareTo(b) <= 0;

    /// <summary>Compares two ids as numbers.</summary>
    public static bool operator >=(PeerId a, PeerId b) => a.CompareTo(b) >= 0;

    /// <summary>The id as 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private static bool TryParseHalf(ReadOnlySpan<char> digits, out ulong half) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out half);
}
