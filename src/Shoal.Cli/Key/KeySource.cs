using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Cli.Key;

/// <summary>Where a command finds the key that hub and peers share.</summary>
/// <param name="File">The file that the user named, or null.</param>
/// <param name="Text">Else the key itself, from the environment; or null: there is no key.</param>
internal sealed record KeySource(string? File, string? Text)
{
    /// <summary>The environment variable that holds a key.</summary>
    public const string Variable = "SHOAL_KEY";

    // Longer than a key and the white space around it; the user may have named any file.
    private const int LongestText = 4096;

    /// <summary>There is no key.</summary>
    public static KeySource None { get; } = new(null, null);

    /// <summary>Whether there is a key at all.</summary>
    public bool Exists => File is not null || Text is not null;

    /// <summary>The source that a command line and its environment name; the command line wins.</summary>
    public static KeySource From(string? file, Func<string, string?> environment) =>
        new(file, file is null && environment(Variable) is { Length: > 0 } text ? text : null);

    /// <summary>Reads the key; null: there is none.</summary>
    /// <exception cref="WorkFailedException">The key cannot be read or is not one.</exception>
    public SwarmKey? Load()
    {
        if (!Exists)
        {
            return null;
        }

        string where = File is null ? $"the environment variable {Variable}" : $"--key: {File}";
        return SwarmKey.TryParse(Text ?? ReadFile(File!), out SwarmKey? key, out string? reason)
            ? key
            : throw new WorkFailedException($"{where} holds no key: {reason}. Make one with 'shoal key new FILE'.");
    }

    private static string ReadFile(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            char[] buffer = new char[LongestText];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(
                $"--key: {ReadFailure.Of(file, e)} Make a key with 'shoal key new FILE'.", e);
        }
    }
}
