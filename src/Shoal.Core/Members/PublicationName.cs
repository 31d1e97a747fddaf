namespace Shoal.Core.Members;

/// <summary>
/// What a user calls a file for others: 1 to 255 bytes of UTF-8, without blanks and control characters. It names a
/// publication, never a path on anybody's disk.
/// </summary>
public readonly record struct PublicationName
{
    /// <summary>The most bytes of UTF-8 that a name has; a zero byte more on the wire.</summary>
    public const int MostBytes = 255;

    private readonly string? _value;

    private PublicationName(string value) => _value = value;

    /// <summary>The text.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes a text; false: nothing can be published under it.</summary>
    public static bool TryCreate(string text, out PublicationName name)
    {
        bool isName = FieldRules.IsName(text, MostBytes);
        name = isName ? new PublicationName(text) : default;
        return isName;
    }

    /// <summary>The text.</summary>
    public override string ToString() => Value;
}
