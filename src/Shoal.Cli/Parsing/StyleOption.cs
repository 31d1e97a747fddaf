using System.CommandLine;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.Parsing;

/// <summary>An option that says how replies of a directory, or of a user's machine, look.</summary>
internal static class StyleOption
{
    private static readonly DirectoryStyle[] s_styles = Enum.GetValues<DirectoryStyle>();

    public static Option<string> Create(string name, string description) =>
        TypedOption.Choice(name, description, [.. s_styles.Select(DirectoryWords.Of)]);

    public static DirectoryStyle Of(string text) => s_styles.First(style => DirectoryWords.Of(style) == text);
}
