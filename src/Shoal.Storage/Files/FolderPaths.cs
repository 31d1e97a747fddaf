using System.Text;
using Shoal.Core.Content;

namespace Shoal.Storage.Files;

/// <summary>Where everything of a target folder lies.</summary>
internal sealed class FolderPaths(string root)
{
    /// <summary>What the name of a copy that is not finished ends with, behind that of its content.</summary>
    public const string CopySuffix = ".copy";

    /// <summary>
    /// The longest path that Linux takes (PATH_MAX without its zero byte); nowhere is it longer.
    /// </summary>
    private const int MostPathBytes = 4095;

    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>What names have room below it.</summary>
    public LocalNameRules Rules => new()
    {
        MostBytes = Math.Clamp(
            MostPathBytes - 1 - Encoding.UTF8.GetByteCount(Root),
            EntryName.MostSegmentBytes,
            EntryName.MostBytes),
        IsForWindows = OperatingSystem.IsWindows(),
    };

    public string State => Path.Join(Root, EntryName.StateFolder);

    public string Lock => Path.Join(State, "lock");

    /// <summary>Says which process holds the lock.</summary>
    public string Holder => Path.Join(State, "holder");

    public string PeerId => Path.Join(State, "peer-id");

    public string Hashes => Path.Join(State, "hashes");

    public string Journal => Path.Join(State, "journal");

    public string Incoming => Path.Join(State, "incoming");

    public string Stage => Path.Join(State, "stage");

    /// <summary>The file in which a content is put together.</summary>
    public string IncomingOf(ContentId content) => Path.Join(Incoming, content.ToString());

    /// <summary>The path of an entry.</summary>
    public string Of(EntryName name) => Path.Join(Root, name.Value);

    /// <summary>
    /// What lies under a name; nothing where a part of the way there is no folder but a link or a file.
    /// </summary>
    public FileStatus Look(EntryName name)
    {
        for (int i = name.Value.IndexOf('/'); i >= 0; i = name.Value.IndexOf('/', i + 1))
        {
            if (FileProbe.Look(Path.Join(Root, name.Value.AsSpan(0, i))).Kind != FileKind.Folder)
            {
                return default;
            }
        }

        return FileProbe.Look(Of(name));
    }

    /// <summary>Bytes that are free for this user where the folder is, or would be made.</summary>
    /// <exception cref="FolderException">The disk does not say.</exception>
    public long MeasureFree()
    {
        string folder = Root;
        while (FileProbe.Look(folder).Kind == FileKind.Nothing && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(Root, e);
        }
    }
}
