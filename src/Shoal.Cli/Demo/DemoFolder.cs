using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>
/// Where a demo keeps everything, a folder a job; gone afterwards unless it is kept.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    // Journals, logs and what the file system itself takes.
    private const double Overhead = 1.02;

    private readonly bool _isKept;

    private DemoFolder(string root, bool isKept)
    {
        Root = root;
        _isKept = isKept;
    }

    /// <summary>The folder of all.</summary>
    public string Root { get; }

    /// <summary>Makes the folder, if there is room for what will come.</summary>
    /// <param name="kept">The folder to keep; null: a temporary one.</param>
    /// <param name="bytes">What will come.</param>
    /// <exception cref="WorkFailedException">There is no room, or it cannot be made.</exception>
    public static DemoFolder Create(string? kept, double bytes)
    {
        try
        {
            DemoFolder folder = kept is not null
                ? new DemoFolder(Path.GetFullPath(kept), isKept: true)
                : new DemoFolder(Directory.CreateTempSubdirectory("shoal-demo-").FullName, isKept: false);
            try
            {
                folder.Check(bytes * Overhead);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--keep: {WriteFailure.OfFolder(kept ?? Path.GetTempPath(), e)}", e);
        }
    }

    /// <summary>Makes a folder in it.</summary>
    public string Make(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>The folder of a job, which goes with the job's end unless all is kept.</summary>
    public DemoFolder Of(DemoJob job) => new(Make(DemoPage.NameOf(job)), _isKept);

    public void Dispose()
    {
        if (!_isKept && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private void Check(double needed)
    {
        if (Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any())
        {
            throw new WorkFailedException($"--keep: {Root} is not empty; name a new folder.");
        }

        Directory.CreateDirectory(Root);
        long available = new DriveInfo(Root).AvailableFreeSpace;
        if (needed > available)
        {
            throw new WorkFailedException(
                $"there is not enough room for all copies of all files: {Root} has {new ByteSize(available)} free and "
                + $"{new ByteSize((long)Math.Min(needed, long.MaxValue))} would come. Give a smaller --size, fewer "
                + "--peers, or --keep DIR on another disk.");
        }
    }
}
