namespace Shoal.Core.Members;

/// <summary>
/// What a user is called: 1 to 255 bytes of UTF-8, without blanks and control characters. Case counts.
/// </summary>
public readonly record struct UserName
{
    /// <summary>The most bytes of UTF-8 that a name has; a zero byte more on the wire.</summary>
    public const int MostBytes = 255;

    private readonly string? _value;

    private UserName(string value) => _value = value;

    /// <summary>The text.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes a text; false: no user can be called so.</summary>
    public static bool TryCreate(string text, out UserName name)
    {
        bool isName = FieldRules.IsName(text, MostBytes);
        name = isName ? new UserName(text) : default;
        return isName;
    }

    /// <summary>The text.</summary>
    public override string ToString() => Value;
}
