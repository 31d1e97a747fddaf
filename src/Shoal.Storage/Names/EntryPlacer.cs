using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Storage.Names;

/// <summary>
/// Lets complete contents and folders appear under their names in a target folder. Nothing that exists is replaced,
/// no link is followed, and a file has all its bytes, its time and its mode before it has its name. Thread-safe.
/// </summary>
internal sealed class EntryPlacer(FolderPaths paths, ContentTable contents, NameBook book, Journal journal)
{
    /// <summary>So many obstacles in a row are no accident: somebody makes files faster than names can be found.</summary>
    private const int MostObstacles = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ContentId, List<Claim>> _wanted = [];
    private readonly HashSet<ContentId> _lost = [];

    /// <summary>Notes entries that shall be here, and lets those appear that can.</summary>
    public ImmutableArray<LocalEntry> Place(OriginShare share)
    {
        book.AddShare(share);
        var appeared = ImmutableArray.CreateBuilder<LocalEntry>();
        var ready = new HashSet<ContentId>();
        foreach (SharedEntry entry in share.Entries)
        {
            if (book.IsPlaced(share.Origin, entry))
            {
                continue;
            }

            if (entry is not SharedEntry.File file)
            {
                appeared.Add(PlaceFolder(share, (SharedEntry.Folder)entry));
                continue;
            }

            Want(new Claim(share.Origin, share.OriginName, file));
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
            while (IsComplete(content) && NextWanted(id) is { } claim)
            {
                if (PlaceFile(content, claim) is { } placed)
                {
                    appeared.Add(placed);
                }
            }
        }

        return appeared.ToImmutable();
    }

    /// <summary>Contents that turned out not to be here when a name was to be made from them. Tells each once.</summary>
    public ImmutableArray<ContentId> TakeLost()
    {
        lock (_gate)
        {
            ImmutableArray<ContentId> lost = [.. _lost];
            _lost.Clear();
            return lost;
        }
    }

    /// <summary>Wants no names for a content any more.</summary>
    public void Forget(ContentId content)
    {
        lock (_gate)
        {
            _wanted.Remove(content);
        }
    }

    /// <summary>How many more files with a content there will be.</summary>
    public int CountWanted(ContentId content)
    {
        lock (_gate)
        {
            return _wanted.TryGetValue(content, out List<Claim>? claims)
                ? claims.Select(c => book.LocalOf(c.Origin, c.OriginName, c.Entry))
                    .Where(local => !book.IsOwn(local, content) && !book.IsReceived(local, content)).Distinct().Count()
                : 0;
        }
    }

    private static bool IsComplete(StoredContent content)
    {
        lock (content.Gate)
        {
            return content.IsComplete;
        }
    }

    private void Want(Claim claim)
    {
        lock (_gate)
        {
            if (!_wanted.TryGetValue(claim.Entry.Content, out List<Claim>? claims))
            {
                _wanted[claim.Entry.Content] = claims = [];
            }

            if (!claims.Contains(claim))
            {
                claims.Add(claim);
            }
        }
    }

    private Claim? NextWanted(ContentId content)
    {
        lock (_gate)
        {
            return _wanted.TryGetValue(content, out List<Claim>? claims) ? claims[0] : null;
        }
    }

    private void Done(Claim claim)
    {
        lock (_gate)
        {
            if (_wanted.TryGetValue(claim.Entry.Content, out List<Claim>? claims) && claims.Remove(claim)
                && claims.Count == 0)
            {
                _wanted.Remove(claim.Entry.Content);
            }
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
    private LocalEntry? PlaceFile(StoredContent content, Claim claim)
    {
        string? source = null;
        for (int obstacles = 0; obstacles < MostObstacles; obstacles++)
        {
            EntryName local = book.LocalOf(claim.Origin, claim.OriginName, claim.Entry);
            if (book.IsOwn(local, content.Id))
            {
                Done(claim);
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

            source ??= FindSource(content);
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

    private bool TryAppear(StoredContent content, Claim claim, LocalEntry placed, string source)
    {
        string target = paths.Of(placed.Local);
        try
        {
            FileStamp stamp = NewFile.Dress(source, claim.Entry);
            journal.Placed(
                new Placement(claim.Origin, claim.OriginName, claim.Entry, placed.Local, stamp), content.Manifest);
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
        Done(claim);
        return true;
    }

    private void Note(StoredContent content, Claim claim, LocalEntry placed, FileStamp stamp)
    {
        journal.Placed(
            new Placement(claim.Origin, claim.OriginName, claim.Entry, placed.Local, stamp), content.Manifest);
        book.AddPlaced(placed);
        Done(claim);
    }

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

    // A finished file to move: the one where the content was put together, or else a copy of one that has a name.
    private string? FindSource(StoredContent content)
    {
        string incoming = paths.IncomingOf(content.Id);
        ContentFile? file;
        lock (content.Gate)
        {
            if (content.HasIncoming)
            {
                return incoming;
            }

            file = content.Files.Count > 0 ? content.Files[0] : null;
        }

        try
        {
            if (content.Manifest.Length == 0)
            {
                File.WriteAllBytes(incoming, []);
                return incoming;
            }

            return file is not null && TryCopy(file, incoming + FolderPaths.CopySuffix)
                ? incoming + FolderPaths.CopySuffix
                : TryOther(content, file);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(incoming, e);
        }
    }

    private string? TryOther(StoredContent content, ContentFile? file)
    {
        if (file is not null)
        {
            contents.Lose(content, file, isFinal: false);
        }

        if (IsComplete(content))
        {
            return FindSource(content);
        }

        lock (_gate)
        {
            _lost.Add(content.Id);
            return null;
        }
    }

    private bool TryCopy(ContentFile file, string target)
    {
        string source = paths.Of(file.Name);
        if (!paths.Look(file.Name).Stamp.HasSameBytesAs(file.Stamp))
        {
            return false;
        }

        try
        {
            NewFile.Copy(source, target);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        return paths.Look(file.Name).Stamp.HasSameBytesAs(file.Stamp);
    }

    private FolderException NoName(EntryName name) => new(FolderProblem.Failed, paths.Of(name),
        $"{paths.Of(name)}: every name for it is taken again and again. Stop what is making files in {paths.Root}.");

    private sealed record Claim(PeerId Origin, string OriginName, SharedEntry.File Entry);
}
