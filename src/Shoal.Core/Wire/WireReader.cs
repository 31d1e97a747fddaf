using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire;

/// <summary>
/// Reads the fields of a body. The first failure sticks: from then on there is nothing more to read and every
/// field is empty, so that a parser is written straight down and asks once, at the end.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>What is wrong with the body; null: nothing so far.</summary>
    public string? Failure { get; private set; }

    public readonly bool HasMore => !_rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    public void Fail(string reason)
    {
        Failure ??= reason;
        _rest = default;
    }

    /// <summary>Fails unless the whole body has been read.</summary>
    public string? End()
    {
        if (HasMore)
        {
            Fail($"{Remaining} bytes behind the end");
        }

        return Failure;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _rest.Length)
        {
            Fail("the body ends too early");
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public int U8() => Bytes(1) is [var b] ? b : 0;

    public int U16() => Bytes(2) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : 0;

    /// <summary>A number of four bytes from 0 to a most, both included.</summary>
    public int Int(string what, int most = int.MaxValue)
    {
        uint value = Bytes(4) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0;
        if (value <= (uint)most)
        {
            return (int)value;
        }

        Fail($"{what} is {value}, the limit is {most}");
        return 0;
    }

    /// <summary>A number of eight bytes from a least to a most, both included.</summary>
    public long Long(string what, long least = 0, long most = long.MaxValue)
    {
        long value = Bytes(8) is { IsEmpty: false } b ? BinaryPrimitives.ReadInt64BigEndian(b) : least;
        if (value >= least && value <= most)
        {
            return value;
        }

        Fail($"{what} is {value}, not from {least} to {most}");
        return least;
    }

    /// <summary>An amount or a rate: a number that is not negative, and finite.</summary>
    public double Amount(string what)
    {
        double value = AmountOrInfinity(what);
        if (double.IsFinite(value))
        {
            return value;
        }

        Fail($"{what} is infinite");
        return 0;
    }

    public double AmountOrInfinity(string what)
    {
        double value = Bytes(8) is { IsEmpty: false } b ? BinaryPrimitives.ReadDoubleBigEndian(b) : 0;
        if (value >= 0 && !double.IsNegative(value))
        {
            return value;
        }

        Fail($"{what} is negative or no number");
        return 0;
    }

    public TimeSpan Span(string what) => new(Long(what));

    /// <summary>A flag, and a span of time if it is set.</summary>
    public TimeSpan? OptionalSpan(string what) => Flag(what) ? Span(what) : null;

    public bool Flag(string what)
    {
        int value = U8();
        if (value > 1)
        {
            Fail($"{what} is neither 0 nor 1");
        }

        return value == 1;
    }

    /// <summary>Strict UTF-8 behind a length of two bytes, without control characters.</summary>
    public string Text(string what, int most, int least = 0)
    {
        int length = U16();
        if (length > most || length < least)
        {
            Fail($"{what} has {length} bytes, not from {least} to {most}");
            return "";
        }

        ReadOnlySpan<byte> bytes = Bytes(length);
        if (!Utf8.IsValid(bytes))
        {
            Fail($"{what} is not UTF-8");
            return "";
        }

        string text = Encoding.UTF8.GetString(bytes);
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                Fail($"{what} has control characters");
                return "";
            }
        }

        return text;
    }

    public Digest Digest() => Bytes(Content.Digest.Size) is { IsEmpty: false } b ? new Digest(b) : default;

    public ContentId ContentId() => new(Digest());

    public PeerId PeerId() =>
        Bytes(Roster.PeerId.Size) is { IsEmpty: false } b ? Roster.PeerId.Read(b) : default;
}
