namespace Shoal.Core.Members;

/// <summary>
/// What a user says about a publication: 0 to 255 bytes of UTF-8; blanks and tabs, but no other control characters.
/// </summary>
public readonly record struct Description
{
    /// <summary>The most bytes of UTF-8 that a description has; a zero byte more on the wire.</summary>
    public const int MostBytes = 255;

    private readonly string? _value;

    private Description(string value) => _value = value;

    /// <summary>The text; it may be empty.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes a text; false: it is no description.</summary>
    public static bool TryCreate(string text, out Description description)
    {
        bool isDescription = FieldRules.IsDescription(text, MostBytes);
        description = isDescription ? new Description(text) : default;
        return isDescription;
    }

    /// <summary>The text.</summary>
    public override string ToString() => Value;
}
