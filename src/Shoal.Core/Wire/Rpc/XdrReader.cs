using System.Buffers.Binary;

namespace Shoal.Core.Wire.Rpc;

/// <summary>
/// Reads the external data representation (RFC 4506): four bytes a number, what is shorter filled up with zeros. The
/// first value that is wrong sticks: whoever reads goes straight on, and asks once, at the end.
/// </summary>
internal ref struct XdrReader(ReadOnlySpan<byte> bytes)
{
    private const int Unit = 4;

    private readonly int _length = bytes.Length;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether something was missing, or longer than it may be.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => _length - _rest.Length;

    /// <summary>An unsigned number.</summary>
    public uint Number()
    {
        ReadOnlySpan<byte> bytes = Take(Unit);
        return IsWrong ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Bytes behind their length, which is <paramref name="most"/> at most.</summary>
    public ReadOnlySpan<byte> Opaque(int most)
    {
        uint length = Number();
        if (length > most)
        {
            IsWrong = true;
            return default;
        }

        ReadOnlySpan<byte> bytes = Take(Filled((int)length));
        return IsWrong ? default : bytes[..(int)length];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (IsWrong || _rest.Length < count)
        {
            IsWrong = true;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static int Filled(int length) => (length + Unit - 1) / Unit * Unit;
}
