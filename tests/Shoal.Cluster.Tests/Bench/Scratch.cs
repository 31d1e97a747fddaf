using System.Security.Cryptography;
using Shoal.Core.Randomness;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>Folders of one test, deleted at its end.</summary>
internal sealed class Scratch : IDisposable
{
    // Away from this moment, so that a copied time is told from a new one.
    private static readonly DateTime WrittenAt = new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);

    public string Root { get; } = Directory.CreateTempSubdirectory("shoal-cluster-").FullName;

    /// <summary>The path of a name in the scratch folder.</summary>
    public string this[string name] => Path.Join(Root, name);

    /// <summary>A folder, made if absent.</summary>
    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Bytes that are the same for the same random seed.</summary>
    public static byte[] Bytes(ulong randomSeed, int length)
    {
        var random = new DeterministicRandom(randomSeed);
        var bytes = new byte[(length + 7) / 8 * 8];
        for (int i = 0; i < bytes.Length; i += 8)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(i), random.Next());
        }

        return bytes[..length];
    }

    /// <summary>Writes a file of random bytes, with the folders above it.</summary>
    public string Write(string name, ulong randomSeed, int length) => Write(name, Bytes(randomSeed, length));

    /// <summary>Writes a file, with the folders above it.</summary>
    public string Write(string name, byte[] bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, WrittenAt);
        return path;
    }

    /// <summary>
    /// What a user sees in a folder: a line for every file (digest, time to the millisecond, executable or not) and for
    /// every empty folder, without what Shoal keeps for itself.
    /// </summary>
    public string[] Look(string folder) => LookAt(this[folder]);

    /// <inheritdoc cref="Look"/>
    public static string[] LookAt(string folder)
    {
        var lines = new List<string>();
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, path);
            if (name == ".shoal" || name.StartsWith(".shoal/", StringComparison.Ordinal))
            {
                continue;
            }

            if (!Directory.Exists(path))
            {
                lines.Add($"{name} {Describe(path)}");
            }
            else if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                lines.Add($"{name}/");
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return [.. lines];
    }

    private static string Describe(string path)
    {
        using FileStream file = File.OpenRead(path);
        long time = new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeMilliseconds();
        bool isExecutable = (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0;
        return $"{Convert.ToHexStringLower(SHA256.HashData(file))} {time}{(isExecutable ? " x" : "")}";
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
