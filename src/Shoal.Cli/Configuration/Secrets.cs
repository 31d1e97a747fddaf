namespace Shoal.Cli.Configuration;

/// <summary>Which values are never shown.</summary>
internal static class Secrets
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Hidden = "(secret)";

    private static readonly string[] s_words = ["token", "secret", "password", "passfile"];

    /// <summary>A flag's value without what is secret in it.</summary>
    public static string Hide(string flag, string value)
    {
        if (IsSecret(flag))
        {
            return Hidden;
        }

        // A connection string is shown but for its secret parts, wherever it stands.
        return value.Contains(';', StringComparison.Ordinal) && value.Contains('=', StringComparison.Ordinal)
            ? string.Join(';', value.Split(';').Select(HidePart))
            : value;
    }

    private static string HidePart(string part)
    {
        string name = part.Split('=')[0];
        return IsSecret(name) || name.Trim().Equals("pwd", StringComparison.OrdinalIgnoreCase)
            ? $"{name}={Hidden}"
            : part;
    }

    // "--token-file" names a file, which is no secret.
    private static bool IsSecret(string name) =>
        s_words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !name.EndsWith("-file", StringComparison.Ordinal);
}
