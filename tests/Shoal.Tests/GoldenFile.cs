using System.Runtime.CompilerServices;

namespace Shoal.Tests;

/// <summary>
/// Texts that tests compare with files in the folder <c>Golden</c> beside the test's source. Run with
/// <c>SHOAL_GOLDEN=rewrite</c> to write them anew, then read the difference.
/// </summary>
internal static class GoldenFile
{
    public static void Check(string name, string actual, [CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(source)!, "Golden", name);
        string normal = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("SHOAL_GOLDEN") == "rewrite")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, normal);
        }

        Assert.True(File.Exists(path), $"There is no {path}; run with SHOAL_GOLDEN=rewrite to make it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), normal);
    }
}
