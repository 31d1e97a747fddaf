namespace Shoal.Core.Lottery;

/// <summary>The name of a draw.</summary>
/// <param name="Value">1 to 64 ASCII letters, digits, dots, dashes and underscores.</param>
public readonly record struct DrawName(string Value)
{
    /// <summary>Characters of a name at most.</summary>
    public const int Longest = 64;

    /// <summary>The draw that the text protocol serves.</summary>
    public static DrawName Default => new("default");

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out DrawName name)
    {
        bool ok = text.Length is > 0 and <= Longest
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        name = new DrawName(ok ? text : "");
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
