using System.Runtime.CompilerServices;

namespace Shoal.Tests.Architecture;

/// <summary>
/// The files of this repository, as its history has them: what a build makes is not among them.
/// </summary>
internal static class Repository
{
    private static readonly string[] s_folders = ["src", "tests", "bench", "docs", "tools", ".ci"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a name below the root.</summary>
    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>All files that people write, with names as seen from the root, with slashes.</summary>
    public static IEnumerable<string> Files(params string[] extensions) => s_folders
        .Select(PathOf)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Root))
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(name => extensions.Contains(Path.GetExtension(name)) && !name.Split('/').Any(IsMade))
        .Order(StringComparer.Ordinal);

    /// <summary>The text of a file.</summary>
    public static string Read(string name) => File.ReadAllText(PathOf(name));

    private static bool IsMade(string folder) => folder is "bin" or "obj" or "artifacts" or "Golden";

    private static string Find([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Shoal.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Shoal.slnx above {here}.");
    }
}
