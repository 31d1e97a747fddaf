using System.CommandLine;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.Parsing;

/// <summary>An option that says how replies of a directory, or of a user's machine, look.</summary>
internal static class StyleOption
{
    public static Option<string> Create(string name, string description) =>
        TypedOption.Choice(name, description, "ascii-nul", "raw", "ascii-bare");

    public static DirectoryStyle Of(string text) => text switch
    {
        "raw" => DirectoryStyle.Raw,
        "ascii-bare" => DirectoryStyle.AsciiBare,
        _ => DirectoryStyle.AsciiNul,
    };
}
