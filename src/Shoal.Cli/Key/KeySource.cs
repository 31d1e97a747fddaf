namespace Shoal.Cli.Key;

/// <summary>Where a command finds the key that hub and peers share.</summary>
/// <param name="File">The file that the user named, or null.</param>
/// <param name="Text">Else the key itself, from the environment; or null: there is no key.</param>
internal sealed record KeySource(string? File, string? Text)
{
    /// <summary>The environment variable that holds a key.</summary>
    public const string Variable = "SHOAL_KEY";

    /// <summary>Whether there is a key at all.</summary>
    public bool Exists => File is not null || Text is not null;

    /// <summary>The source that a command line and its environment name; the command line wins.</summary>
    public static KeySource From(string? file, Func<string, string?> environment) =>
        new(file, file is null && environment(Variable) is { Length: > 0 } text ? text : null);
}
