using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>
/// Where a demo keeps everything: a folder a peer, logs and reports; gone afterwards unless it is kept.
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

    /// <summary>Where the peers' logs and the hub's are.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Makes the folder, if there is room for what will come.</summary>
    /// <exception cref="WorkFailedException">There is no room, or it cannot be made.</exception>
    public static DemoFolder Create(DemoArguments arguments)
    {
        try
        {
            DemoFolder folder = arguments.KeepFolder is { } kept
                ? new DemoFolder(Path.GetFullPath(kept), isKept: true)
                : new DemoFolder(Directory.CreateTempSubdirectory("shoal-demo-").FullName, isKept: false);
            try
            {
                folder.Fill(arguments);
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
            throw new WorkFailedException(
                $"the folder of the demo cannot be made: {e.Message} Name another with --keep DIR.", e);
        }
    }

    /// <summary>The folder that a peer shares and receives into; peers count from 0.</summary>
    public string OfPeer(int peer) => Path.Combine(Root, DemoPeer.NameOf(peer));

    /// <summary>The log of a peer.</summary>
    public string LogOf(int peer) => Path.Combine(Logs, $"{DemoPeer.NameOf(peer)}.log");

    /// <summary>The report of a peer.</summary>
    public string ReportOf(int peer) => Path.Combine(Root, "reports", $"{DemoPeer.NameOf(peer)}.json");

    public void Dispose()
    {
        if (!_isKept && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private void Fill(DemoArguments arguments)
    {
        if (Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any())
        {
            throw new WorkFailedException($"--keep: {Root} is not empty; name a new folder.");
        }

        Directory.CreateDirectory(Logs);
        double needed = (double)arguments.BytesPerPeer * arguments.Peers * arguments.Peers * Overhead;
        long available = new DriveInfo(Root).AvailableFreeSpace;
        if (needed > available)
        {
            throw new WorkFailedException(
                $"there is not enough room for {arguments.Peers} copies of {arguments.Peers} files: {Root} has "
                + $"{new ByteSize(available)} free and {new ByteSize((long)Math.Min(needed, long.MaxValue))} would "
                + "come. Give a smaller --size, fewer --peers, or --keep DIR on another disk.");
        }

        for (int peer = 0; peer < arguments.Peers; peer++)
        {
            Directory.CreateDirectory(OfPeer(peer));
        }
    }
}
