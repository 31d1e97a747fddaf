using System.Diagnostics;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A small file system of its own at a folder; for root only.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _folder;

    private Mount(string folder) => _folder = folder;

    /// <summary>Mounts a RAM disk, or skips the test, saying so, where that is not allowed.</summary>
    public static Mount RamDisk(string folder, string options)
    {
        string failure = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        Assert.SkipWhen(failure.Length > 0,
            $"This needs a file system of its own, which only root may mount: {failure}");
        return new Mount(folder);
    }

    public void MakeReadOnly() => Assert.Empty(Run("mount", "-o", "remount,ro", _folder));

    public void Dispose() => Run("umount", "-l", _folder);

    private static string Run(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : error;
    }
}
