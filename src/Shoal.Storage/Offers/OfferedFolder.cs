using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Offers;

/// <summary>
/// A folder from which others may read single files, by name. Nothing outside it can be named, and no link is followed.
/// </summary>
public sealed class OfferedFolder(string root)
{
    private readonly FolderPaths _paths = new(root);

    /// <summary>The folder, as a whole path.</summary>
    public string Root => _paths.Root;

    /// <summary>Opens a file; null: there is no plain file of that name, or it may not be read.</summary>
    public OfferedFile? TryOpen(string name)
    {
        if (!EntryName.TryParse(name, out EntryName entry, out _))
        {
            return null;
        }

        FileStatus seen = _paths.Look(entry);
        if (seen.Kind != FileKind.File)
        {
            return null;
        }

        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(
                _paths.Of(entry), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // What was looked at and what was opened are the same file, whoever put a link in between.
        FileStamp opened = FileProbe.StampOf(handle);
        if (seen.Stamp.Inode != 0 && opened.Inode != seen.Stamp.Inode)
        {
            handle.Dispose();
            return null;
        }

        return new OfferedFile(handle, opened.Length);
    }
}
