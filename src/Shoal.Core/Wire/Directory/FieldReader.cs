using System.Text;
using System.Text.Unicode;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// Reads fields that end with a zero byte. The first that is not whole yet, or is wrong, sticks: whoever reads goes
/// straight on, and asks once, at the end.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Done, NeedMore, or Invalid behind the first field that was wrong.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>What was wrong.</summary>
    public string? Fault { get; private set; }

    /// <summary>The bytes of the next field, without its end.</summary>
    public ReadOnlySpan<byte> Bytes(string what)
    {
        if (Status != DecodeStatus.Done)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = _bytes[Position..];
        int end = rest[..Math.Min(rest.Length, DirectoryLimits.FieldBytes)].IndexOf((byte)0);
        if (end < 0)
        {
            if (rest.Length < DirectoryLimits.FieldBytes)
            {
                Status = DecodeStatus.NeedMore;
            }
            else
            {
                Fail($"the {what} is longer than {DirectoryLimits.FieldBytes - 1} bytes");
            }

            return default;
        }

        Position += end + 1;
        return rest[..end];
    }

    /// <summary>The next field as text.</summary>
    public string Text(string what)
    {
        ReadOnlySpan<byte> bytes = Bytes(what);
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        Fail($"the {what} is not UTF-8");
        return "";
    }

    /// <summary>Steps over bytes that are known to be there.</summary>
    public void Skip(int count) => Position += count;

    public void Fail(string fault)
    {
        if (Status == DecodeStatus.Done)
        {
            (Status, Fault) = (DecodeStatus.Invalid, fault);
        }
    }
}
