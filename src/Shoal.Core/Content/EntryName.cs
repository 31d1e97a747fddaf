using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Shoal.Core.Content;

/// <summary>
/// The name of a file or folder below a shared folder, with <c>/</c> between its segments. One that exists is
/// safe to join to a target folder on any system: not absolute, no <c>..</c>, no drive or device names, no
/// control characters.
/// </summary>
public readonly record struct EntryName
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MostBytes = 4096;

    /// <summary>
    /// The longest segment of a name, in bytes of UTF-8: what nearly every file system can hold.
    /// </summary>
    public const int MostSegmentBytes = 255;

    /// <summary>
    /// The folder at the top where each peer keeps its own state; no name may begin with it.
    /// </summary>
    public const string StateFolder = ".shoal";

    private const string TooLong = "The name is longer than 4096 bytes.";

    private static readonly ClashKey StateFolderKey = ClashKey.Of(StateFolder);

    private readonly string? _value;

    private EntryName(string value) => _value = value;

    /// <summary>The name, as it travels.</summary>
    public string Value => _value ?? "";

    /// <summary>Checks a name from outside.</summary>
    /// <param name="text">The name to check.</param>
    /// <param name="name">The name, if it is safe.</param>
    /// <param name="reason">Else what is wrong with it, for people: a sentence without the name.</param>
    public static bool TryParse(string text, out EntryName name, [NotNullWhen(false)] out string? reason)
    {
        reason = WrongWithWhole(text) ?? WrongWithSegments(text);
        name = reason is null ? new EntryName(text) : default;
        return reason is null;
    }

    /// <summary>A name that is known to be safe.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static EntryName Parse(string text) =>
        TryParse(text, out EntryName name, out string? reason) ? name : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? WrongWithWhole(string text)
    {
        if (text.Length == 0)
        {
            return "The name is empty.";
        }

        if (text[0] == '/')
        {
            return "The name is absolute: it begins with '/'.";
        }

        // Every UTF-16 unit takes at least one byte: a monster is not worth counting.
        if (text.Length > MostBytes)
        {
            return TooLong;
        }

        return !TryCountBytes(text, out int bytes)
            ? "The name is not valid Unicode: it has half a surrogate pair."
            : bytes > MostBytes ? TooLong
            : null;
    }

    private static bool TryCountBytes(ReadOnlySpan<char> text, out int bytes)
    {
        bytes = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) != OperationStatus.Done)
            {
                return false;
            }

            bytes += rune.Utf8SequenceLength;
            text = text[used..];
        }

        return true;
    }

    private static string? WrongWithSegments(string text)
    {
        foreach (Range range in text.AsSpan().Split('/'))
        {
            if (WrongWithSegment(text.AsSpan(range), isFirst: range.Start.Value == 0) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? WrongWithSegment(ReadOnlySpan<char> segment, bool isFirst)
    {
        if (segment.IsEmpty)
        {
            return "A part of the name between two '/' is empty.";
        }

        // Windows cuts dots and spaces off the end of a name, so "..." and ".. " are no better than "..".
        ReadOnlySpan<char> kept = segment.TrimEnd(". ");
        if (kept.IsEmpty)
        {
            return $"A part of the name is '{segment}', which does not name a file.";
        }

        foreach (char c in segment)
        {
            if (c == '\\')
            {
                return "The name has a backslash.";
            }

            if (char.IsControl(c))
            {
                return $"The name has the control character U+{(int)c:X4}.";
            }
        }

        if (segment.Length >= 2 && segment[1] == ':' && char.IsAsciiLetter(segment[0]))
        {
            return $"A part of the name begins with a drive, '{segment[..2]}'.";
        }

        if (IsDevice(segment))
        {
            return $"A part of the name is '{segment}', which names a device on Windows.";
        }

        if (isFirst && ClashKey.Of(kept) == StateFolderKey)
        {
            return $"The name is in '{StateFolder}', where each peer keeps its own state.";
        }

        return Encoding.UTF8.GetByteCount(segment) > MostSegmentBytes
            ? $"A part of the name is longer than {MostSegmentBytes} bytes."
            : null;
    }

    // What stands before the first dot decides: CON, con.txt and "Con .a.b" are all the console.
    private static bool IsDevice(ReadOnlySpan<char> segment)
    {
        int dot = segment.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        return stem.Length switch
        {
            3 => Is(stem, "CON") || Is(stem, "PRN") || Is(stem, "AUX") || Is(stem, "NUL"),
            4 => (Is(stem[..3], "COM") || Is(stem[..3], "LPT")) && "0123456789¹²³".Contains(stem[3]),
            6 => Is(stem, "CONIN$"),
            7 => Is(stem, "CONOUT$"),
            _ => false,
        };

        static bool Is(ReadOnlySpan<char> text, string device) =>
            text.Equals(device, StringComparison.OrdinalIgnoreCase);
    }
}
