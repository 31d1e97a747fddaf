using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Names;
using Shoal.Storage.Records;

namespace Shoal.Storage.Reading;

/// <summary>
/// Makes of what a <see cref="FolderReader"/> found what a run needs: contents, names, a fresh journal.
/// </summary>
internal sealed class FolderAssembly(
    FolderPaths paths, SwarmFolderOptions options, PeerId self, FolderReader read)
{
    private readonly List<Placement> _placements = [];
    private readonly List<EntryName> _madeFolders = [];
    private readonly List<SharedEntry> _own = [];

    /// <summary>Fills the table and the book, begins the journal, and deletes what belongs to neither.</summary>
    public Journal Begin(ContentTable contents, NameBook book)
    {
        DeleteLeftovers(Fill(contents, book));
        return BeginJournal(contents);
    }

    /// <summary>Fills the table and the book.</summary>
    /// <returns>The files in which contents are being put together.</returns>
    public IReadOnlySet<string> Fill(ContentTable contents, NameBook book)
    {
        foreach (EntryName other in read.Listing.Others)
        {
            book.KeepFile(other, null);
        }

        foreach (EntryName folder in read.Listing.ExcludedFolders)
        {
            book.KeepFolder(folder);
        }

        foreach (Candidate file in read.Files)
        {
            TakeFile(file, contents, book);
        }

        TakeFolders(book);
        return TakeIncoming(contents);
    }

    /// <summary>What the machine and the user are told.</summary>
    public FolderContents Describe(ContentTable contents)
    {
        List<StoredContent> held = [.. contents.All.OrderBy(c => c.Id.ToString(), StringComparer.Ordinal)];
        IEnumerable<MemberMessage.Share> received = _placements
            .GroupBy(p => (p.Origin, p.OriginName))
            .OrderBy(g => g.Key.Origin)
            .Select(g => new MemberMessage.Share(
                g.Key.Origin, g.Key.OriginName,
                [.. g.Select(p => p.Entry).OrderBy(e => e.Name.Value, StringComparer.Ordinal)]));
        return new FolderContents
        {
            Manifests = [.. held.Select(c => c.Manifest)],
            Shares = _own.Count > 0
                ? [new MemberMessage.Share(self, options.PeerName, [.. _own]), .. received]
                : [.. received],
            Holdings = [.. held.Select(c => new Holding(c.Id, c.Chunks.Clone()))],
            Notes = [.. read.Notes],
            HashedBytes = read.HashedBytes,
        };
    }

    private void TakeFile(Candidate candidate, ContentTable contents, NameBook book)
    {
        ScannedFile file = candidate.File;
        switch (candidate.Origin)
        {
            case FileOrigin.Own:
                contents.AddFile(candidate.Manifest!, new ContentFile(file.Name, file.Stamp));
                book.KeepFile(file.Name, candidate.Manifest!.Id);
                long modifiedAt = FileProbe.ToMilliseconds(file.Stamp.ModifiedAt);
                _own.Add(new SharedEntry.File(
                    file.Name, candidate.Manifest!.Id, modifiedAt, file.IsExecutable));
                break;
            case FileOrigin.Received:
                contents.AddFile(candidate.Manifest!, new ContentFile(file.Name, file.Stamp));
                foreach (Placement placement in candidate.Placements)
                {
                    if (Candidate.ContentOf(placement) == candidate.Manifest!.Id)
                    {
                        _placements.Add(placement with { Stamp = file.Stamp });
                        book.AddPlaced(new LocalEntry(placement.Origin, placement.Entry, file.Name));
                    }
                }

                break;
            case FileOrigin.Skipped:
                book.KeepFile(file.Name, null);
                break;
            default:
                // A damaged one has no name any more.
                break;
        }
    }

    private void TakeFolders(NameBook book)
    {
        var received = new HashSet<EntryName>();
        foreach (Placement placement in read.Journal.Placements.Values)
        {
            if (placement.Entry is SharedEntry.Folder && paths.Look(placement.Local).Kind == FileKind.Folder)
            {
                received.Add(placement.Local);
                _placements.Add(placement);
                book.AddPlaced(new LocalEntry(placement.Origin, placement.Entry, placement.Local));
            }
        }

        foreach (EntryName folder in read.Journal.MadeFolders)
        {
            if (paths.Look(folder).Kind == FileKind.Folder)
            {
                _madeFolders.Add(folder);
            }
        }

        foreach (EntryName folder in read.Listing.EmptyFolders)
        {
            book.KeepFolder(folder);
            if (!received.Contains(folder) && !read.Journal.MadeFolders.Contains(folder))
            {
                _own.Add(new SharedEntry.Folder(folder));
            }
        }
    }

    private HashSet<string> TakeIncoming(ContentTable contents)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (JournalContent content in read.Incoming)
        {
            bool isHere = contents.TryFind(content.Manifest.Id, out _);
            if (!isHere && content.Chunks.SetCount > 0)
            {
                contents.AddIncoming(content.Manifest, content.Chunks);
                kept.Add(paths.IncomingOf(content.Manifest.Id));
            }
        }

        return kept;
    }

    private void DeleteLeftovers(IReadOnlySet<string> kept)
    {
        foreach (string path in Directory.EnumerateFiles(paths.Incoming))
        {
            if (!kept.Contains(path))
            {
                File.Delete(path);
            }
        }
    }

    private Journal BeginJournal(ContentTable contents)
    {
        var needed = new Dictionary<ContentId, JournalContent>();
        foreach (StoredContent content in contents.All.Where(c => c.HasIncoming))
        {
            needed[content.Id] = new JournalContent(content.Manifest, content.Chunks);
        }

        foreach (Placement placement in _placements)
        {
            if (placement.Entry is SharedEntry.File file
                && contents.TryFind(file.Content, out StoredContent? content))
            {
                needed[content.Id] = new JournalContent(content.Manifest, content.Chunks);
            }
        }

        return Journal.Begin(paths.Journal, options.BootId, needed.Values, _placements, _madeFolders);
    }
}
