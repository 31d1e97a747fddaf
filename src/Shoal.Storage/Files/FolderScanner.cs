using Shoal.Core.Content;

namespace Shoal.Storage.Files;

/// <summary>Walks a target folder. Follows no link, opens no file.</summary>
internal sealed class FolderScanner
{
    private readonly string _root;
    private readonly ExcludeGlobs _excludes;
    private readonly CancellationToken _cancellationToken;
    private readonly FolderListing _listing = new();
    private readonly Stack<string> _toVisit = [];

    private FolderScanner(string root, ExcludeGlobs excludes, CancellationToken cancellationToken)
    {
        _root = root;
        _excludes = excludes;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Lists what is in a folder, without Shoal's own state; one that is absent is empty.</summary>
    /// <exception cref="FolderException">The folder itself cannot be read.</exception>
    public static FolderListing Scan(string root, ExcludeGlobs excludes, CancellationToken cancellationToken)
    {
        var scanner = new FolderScanner(root, excludes, cancellationToken);
        if (FileProbe.Look(root).Kind != FileKind.Nothing)
        {
            scanner._toVisit.Push("");
        }

        while (scanner._toVisit.TryPop(out string? folder))
        {
            scanner.Visit(folder);
        }

        FolderListing listing = scanner._listing;
        listing.Files.Sort(static (a, b) => string.CompareOrdinal(a.Name.Value, b.Name.Value));
        listing.EmptyFolders.Sort(static (a, b) => string.CompareOrdinal(a.Value, b.Value));
        listing.Notes.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return listing;
    }

    private void Visit(string folder)
    {
        int count = 0;
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(Path.Join(_root, folder)))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                count++;
                string last = Path.GetFileName(path);
                if (folder.Length > 0 || last != EntryName.StateFolder)
                {
                    Take(folder.Length == 0 ? last : folder + "/" + last, path);
                }
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            count = -1;
            if (folder.Length == 0)
            {
                throw FolderFailure.At(_root, e);
            }

            _listing.Notes.Add(new FolderNote(folder, "The folder cannot be read and is skipped."));
        }

        if (count == 0 && folder.Length > 0)
        {
            _listing.EmptyFolders.Add(EntryName.Parse(folder));
        }
    }

    private void Take(string text, string path)
    {
        FileStatus status = FileProbe.Look(path);
        if (!EntryName.TryParse(text, out EntryName name, out string? reason) || text.Contains('\uFFFD'))
        {
            // A name that is no UTF-8 comes with replacement characters, and cannot be opened by it.
            Skip(text, (reason ?? "The name is not valid UTF-8.") + " It is skipped.");
            return;
        }

        if (_excludes.Match(text, status.Kind))
        {
            (status.Kind == FileKind.Folder ? _listing.ExcludedFolders : _listing.Others).Add(name);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.File:
                _listing.Files.Add(new ScannedFile(name, status.Stamp, status.IsExecutable));
                break;
            case FileKind.Folder:
                _toVisit.Push(text);
                break;
            case FileKind.Link:
                Skip(text, "A symbolic link is skipped.");
                _listing.Others.Add(name);
                break;
            case FileKind.Special:
                Skip(text, "It is neither a file nor a folder and is skipped.");
                _listing.Others.Add(name);
                break;
            default:
                Skip(text, "It vanished or cannot be looked at and is skipped.");
                _listing.Others.Add(name);
                break;
        }
    }

    private void Skip(string name, string text) => _listing.Notes.Add(new FolderNote(name, text));
}
