using System.Security.Cryptography;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Net.Handshakes;

/// <summary>What became of an attempt to get a key.</summary>
public abstract record KeyResult
{
    private KeyResult()
    {
    }

    /// <summary>A key.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Warning">What people should know, or null.</param>
    public sealed record Found(SwarmKey Key, string? Warning) : KeyResult;

    /// <summary>No key, though one was asked for.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Failed(string Reason) : KeyResult;
}

/// <summary>Makes keys, keeps them in files that only their owner can read, and finds them again.</summary>
public static class SwarmKeyFile
{
    /// <summary>The environment variable that may hold the key itself.</summary>
    public const string Variable = "SHOAL_KEY";

    private const int MostBytes = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new key, from the system's randomness.</summary>
    public static SwarmKey Generate()
    {
        Span<byte> bytes = stackalloc byte[SwarmKey.Size];
        RandomNumberGenerator.Fill(bytes);
        return new SwarmKey(bytes);
    }

    /// <summary>Writes a key to a new file with permission 0600; never over an old one.</summary>
    /// <returns>What went wrong, for people, or null.</returns>
    public static string? Write(string path, SwarmKey key)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var writer = new StreamWriter(path, options);
            writer.Write(key.Reveal());
            writer.Write('\n');
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot write the key to {path}: {e.Message}";
        }
    }

    /// <summary>Reads a key from a file.</summary>
    public static KeyResult Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MostBytes];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string text = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
            if (!SwarmKey.TryParse(text, out SwarmKey? key, out string? reason))
            {
                return new KeyResult.Failed($"{path} holds no key: {reason}");
            }

            bool isExposed = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0;
            string? warning = isExposed ? $"others than its owner can use the key; chmod 600 {path}" : null;
            return new KeyResult.Found(key, warning);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new KeyResult.Failed($"cannot read the key from {path}: {e.Message}");
        }
    }

    /// <summary>
    /// The key of a file if one is named, else that of <see cref="Variable"/>; null: neither is there.
    /// </summary>
    /// <param name="path">The file, or null.</param>
    /// <param name="variable">What the environment variable holds, or null.</param>
    public static KeyResult? Find(string? path, string? variable)
    {
        if (path is not null)
        {
            return Read(path);
        }

        if (string.IsNullOrWhiteSpace(variable))
        {
            return null;
        }

        return SwarmKey.TryParse(variable, out SwarmKey? key, out string? reason)
            ? new KeyResult.Found(key, null)
            : new KeyResult.Failed($"{Variable} holds no key: {reason}");
    }
}
