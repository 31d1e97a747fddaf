using System.Diagnostics.CodeAnalysis;

namespace Shoal.Core.Content;

/// <summary>
/// The name of a file or folder below a shared folder, with <c>/</c> between its segments. One that exists is safe to
/// join to a target folder on any system: not absolute, no <c>..</c>, no drive or device names, no control characters.
/// </summary>
public readonly record struct EntryName
{
    private readonly string? _value;

    private EntryName(string value) => _value = value;

    /// <summary>The name, as it travels.</summary>
    public string Value => _value ?? "";

    /// <summary>Checks a name from outside.</summary>
    /// <param name="text">The name to check.</param>
    /// <param name="name">The name, if it is safe.</param>
    /// <param name="reason">Else what is wrong with it, for people.</param>
    public static bool TryParse(string text, out EntryName name, [NotNullWhen(false)] out string? reason)
    {
        name = new EntryName(text);
        reason = null;
        return true;
    }

    /// <summary>A name that is known to be safe.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static EntryName Parse(string text) =>
        TryParse(text, out EntryName name, out string? reason) ? name : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
