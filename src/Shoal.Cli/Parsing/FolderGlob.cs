using System.Diagnostics.CodeAnalysis;

namespace Shoal.Cli.Parsing;

/// <summary>A pattern for names below a shared folder.</summary>
internal static class FolderGlob
{
    /// <summary>Checks a pattern: below the folder, so never absolute and without <c>..</c>.</summary>
    public static bool TryParse(string text, out string glob, [NotNullWhen(false)] out string? reason)
    {
        glob = text;
        reason = text switch
        {
            "" => "the pattern is empty; write for example *.tmp or build/**",
            ['/', ..] => $"'{text}' is absolute; write it as seen from the shared folder, as build/**",
            _ when text.Split('/').Contains("..") => $"'{text}' leaves the shared folder",
            _ => null,
        };
        return reason is null;
    }
}
