using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Storage.Names;

/// <summary>
/// Lets complete contents and folders appear under their names in a target folder. Nothing that exists is
/// replaced, no link is followed, and a file has all its bytes, its time and its mode before it has its name.
/// Thread-safe.
/// </summary>
internal sealed class EntryPlacer(FolderPaths paths, ContentTable contents, NameBook book, Journal journal)
{
    /// <summary>
    /// So many obstacles in a row are no accident: somebody makes files faster than names can be found.
    /// </summary>
    private const int MostObstacles = 1000;

    private readonly FinishedFiles _finished = new(paths, contents);
    private readonly NameClaims _claims = new();

    /// <summary>Notes entries that shall be here, and lets those appear that can.</summary>
    public ImmutableArray<LocalEntry> Place(OriginShare share)
    {
        // After a hub was away everything is said again.
        ImmutableArray<SharedEntry> fresh = [.. share.Entries.Where(entry => IsNew(share, entry))];
        if (fresh.IsEmpty)
        {
            return [];
        }

        book.AddShare(share with { Entries = fresh });
        var appeared = ImmutableArray.CreateBuilder<LocalEntry>();
        var ready = new HashSet<ContentId>();
        foreach (SharedEntry entry in fresh)
        {
            if (entry is not SharedEntry.File file)
            {
                appeared.Add(PlaceFolder(share, (SharedEntry.Folder)entry));
                continue;
            }

            _claims.Add(new FileClaim(share.Origin, share.OriginName, file), share.OriginOrder);
            if (EmptyContents.TryFind(file.Content, out Manifest? empty))
            {
                contents.Add(empty);
            }

            if (contents.TryFind(file.Content, out StoredContent? content) && IsComplete(content))
            {
                ready.Add(file.Content);
            }
        }

        foreach (ContentId content in ready)
        {
            appeared.AddRange(Complete(content));
        }

        return appeared.ToImmutable();
    }

    /// <summary>Lets a complete content appear under the names that are wanted for it.</summary>
    public ImmutableArray<LocalEntry> Complete(ContentId id)
    {
        if (!contents.TryFind(id, out StoredContent? content))
        {
            return [];
        }

        var appeared = ImmutableArray.CreateBuilder<LocalEntry>();
        lock (content.Placing)
        {
            while (IsComplete(content) && _claims.First(id) is { } claim)
            {
                if (PlaceFile(content, claim) is { } placed)
                {
                    appeared.Add(placed);
                }
            }
        }

        return appeared.ToImmutable();
    }

    /// <summary>
    /// Contents that turned out not to be here when a name was to be made from them. Tells each once.
    /// </summary>
    public ImmutableArray<ContentId> TakeLost() => _finished.TakeLost();

    /// <summary>Wants no names for a content any more.</summary>
    public void Forget(ContentId content)
    {
        _claims.Forget(content);
        book.Forget(content);
    }

    /// <summary>How many more files with a content there will be.</summary>
    public int CountWanted(ContentId content)
    {
        var names = new HashSet<EntryName>();
        foreach (FileClaim claim in _claims.Of(content))
        {
            EntryName local = book.LocalOf(claim.Origin, claim.OriginName, claim.Entry);
            if (!book.IsOwn(local, content) && !book.IsReceived(local, content))
            {
                names.Add(local);
            }
        }

        return names.Count;
    }

    private bool IsNew(OriginShare share, SharedEntry entry) =>
        !book.IsPlaced(share.Origin, entry)
        && !(entry is SharedEntry.File file
            && _claims.Contains(new FileClaim(share.Origin, share.OriginName, file)));

    private static bool IsComplete(StoredContent content)
    {
        lock (content.Gate)
        {
            return content.IsComplete;
        }
    }

    private LocalEntry PlaceFolder(OriginShare share, SharedEntry.Folder folder)
    {
        for (int obstacles = 0; obstacles < MostObstacles; obstacles++)
        {
            EntryName local = book.LocalOf(share.Origin, share.OriginName, folder);
            if (MakeFolders(local.Value) is { } obstacle)
            {
                book.Block(obstacle);
                continue;
            }

            var placed = new LocalEntry(share.Origin, folder, local);
            journal.Placed(new Placement(share.Origin, share.OriginName, folder, local, default), null);
            book.AddPlaced(placed);
            return placed;
        }

        throw NoName(folder.Name);
    }

    // Null where the name needed no new file, or the content is no longer here.
    private LocalEntry? PlaceFile(StoredContent content, FileClaim claim)
    {
        string? source = null;
        for (int obstacles = 0; obstacles < MostObstacles; obstacles++)
        {
            EntryName local = book.LocalOf(claim.Origin, claim.OriginName, claim.Entry);
            if (book.IsOwn(local, content.Id))
            {
                _claims.RemoveFirst(content.Id);
                return null;
            }

            var placed = new LocalEntry(claim.Origin, claim.Entry, local);
            if (book.IsReceived(local, content.Id))
            {
                Note(content, claim, placed, FileProbe.Look(paths.Of(local)).Stamp);
                return null;
            }

            if (FindObstacle(local) is { } obstacle)
            {
                book.Block(obstacle);
                continue;
            }

            source ??= _finished.Find(content);
            if (source is null)
            {
                return null;
            }

            if (TryAppear(content, claim, placed, source))
            {
                return placed;
            }

            book.Block(local);
        }

        throw NoName(claim.Entry.Name);
    }

    private bool TryAppear(StoredContent content, FileClaim claim, LocalEntry placed, string source)
    {
        string target = paths.Of(placed.Local);
        try
        {
            FileStamp stamp = NewFile.Dress(source, claim.Entry);
            journal.Placed(PlacementOf(claim, placed, stamp), content.Manifest);
            if (!NewFile.TryMove(source, target))
            {
                return false;
            }

            var file = new ContentFile(placed.Local, stamp);
            if (source == paths.IncomingOf(content.Id))
            {
                contents.Move(content, file);
            }
            else
            {
                contents.AddFile(content.Manifest, file);
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(target, e);
        }

        book.AddPlaced(placed);
        _claims.RemoveFirst(content.Id);
        return true;
    }

    private void Note(StoredContent content, FileClaim claim, LocalEntry placed, FileStamp stamp)
    {
        journal.Placed(PlacementOf(claim, placed, stamp), content.Manifest);
        book.AddPlaced(placed);
        _claims.RemoveFirst(content.Id);
    }

    private static Placement PlacementOf(FileClaim claim, LocalEntry placed, FileStamp stamp) =>
        new(claim.Origin, claim.OriginName, claim.Entry, placed.Local, stamp);

    private EntryName? FindObstacle(EntryName local)
    {
        int slash = local.Value.LastIndexOf('/');
        return slash > 0 && MakeFolders(local.Value[..slash]) is { } obstacle ? obstacle
            : FileProbe.Look(paths.Of(local)).Kind != FileKind.Nothing ? local
            : null;
    }

    // Makes a folder and those above it; tells what is in the way, if something is.
    private EntryName? MakeFolders(string folder)
    {
        for (int i = folder.IndexOf('/'); ; i = folder.IndexOf('/', i + 1))
        {
            EntryName name = EntryName.Parse(i < 0 ? folder : folder[..i]);
            string path = paths.Of(name);
            FileKind kind = FileProbe.Look(path).Kind;
            if (kind == FileKind.Nothing)
            {
                try
                {
                    journal.MadeFolder(name);
                    Directory.CreateDirectory(path);
                }
                catch (Exception e) when (FolderFailure.IsFromDisk(e))
                {
                    throw FolderFailure.At(path, e);
                }
            }
            else if (kind != FileKind.Folder)
            {
                return name;
            }

            if (i < 0)
            {
                return null;
            }
        }
    }

    private FolderException NoName(EntryName name) => new(FolderProblem.Failed, paths.Of(name),
        $"{paths.Of(name)}: every name for it is taken at once. Stop what is making files in {paths.Root}.");
}
