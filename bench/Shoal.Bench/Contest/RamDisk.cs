namespace Shoal.Bench.Contest;

/// <summary>
/// Finds a folder for files that are written again and again: on a RAM disk, if one has room.
/// </summary>
internal static class RamDisk
{
    /// <summary>Makes a new folder with room for so many bytes.</summary>
    /// <exception cref="BenchFailure">There is no room anywhere.</exception>
    public static string MakeFolder(long bytes)
    {
        string[] places = ["/dev/shm", "/run/user/0", Path.GetTempPath()];
        foreach (string place in places.Where(Directory.Exists))
        {
            if (new DriveInfo(place).AvailableFreeSpace > bytes)
            {
                return Directory.CreateDirectory(Path.Combine(place, $"shoal-bench-{Environment.ProcessId}")).FullName;
            }
        }

        throw new BenchFailure(
            $"{bytes / 1_000_000} MB of room are needed, and neither {string.Join(" nor ", places)} has it. "
            + "Give a smaller size.");
    }
}
