using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Content;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;
using Shoal.Storage.Records;

namespace Shoal.Storage.Offers;

/// <summary>
/// Finds out what the files and folders are that a user offers from a folder: hashes them, and remembers what they
/// hashed to in <c>.shoal/offers</c>, or, where that cannot be written, until the end. Nothing else is written.
/// </summary>
public sealed class OfferIndex : IDisposable
{
    /// <summary>
    /// What the names of a folder may take when they are told, in bytes: they go in one frame. That is about ten
    /// thousand files.
    /// </summary>
    public const int MostNameBytes = 1_000_000;

    private const int BytesBesideName = 43;
    private const string StateName = "offers";

    private readonly FolderPaths _paths;
    private readonly HashCache _cache;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>An index of what is in a folder.</summary>
    public OfferIndex(string root)
    {
        _paths = new FolderPaths(root);
        _cache = LoadCache();
    }

    /// <summary>Whether something in a folder was offered before.</summary>
    public static bool IsIn(string root) => File.Exists(Path.Join(new FolderPaths(root).State, StateName));

    /// <summary>Finds out what a name is, and hashes what is not known of it. One at a time.</summary>
    /// <param name="name">
    /// A file below the folder; or, with a slash behind it, a folder: one below it, or by its own name the whole.
    /// </param>
    /// <param name="progress">Told how far the hashing is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<OfferLook> LookAsync(
        string name, IProgress<FolderProgress>? progress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return name.EndsWith('/')
                ? await LookAtFolderAsync(name[..^1], progress, cancellationToken)
                : await LookAtFileAsync(name, progress, cancellationToken);
        }
        catch (FolderException e)
        {
            return new OfferLook(null, e.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _one.Dispose();
    }

    private HashCache LoadCache()
    {
        try
        {
            Directory.CreateDirectory(_paths.State);
            return HashCache.Load(Path.Join(_paths.State, StateName));
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            return HashCache.InMemory();
        }
    }

    private async Task<OfferLook> LookAtFileAsync(
        string name, IProgress<FolderProgress>? progress, CancellationToken cancellationToken)
    {
        FileStatus status = EntryName.TryParse(name, out EntryName entry, out _) ? _paths.Look(entry) : default;
        if (status.Kind != FileKind.File)
        {
            return new OfferLook(null, $"there is no file '{name}'");
        }

        var file = new ScannedFile(entry, status.Stamp, status.IsExecutable);
        return await HashAsync(_paths, [file], progress, cancellationToken) is [var (known, manifest)]
            ? new OfferLook(
                new OfferedContents(_paths.Root, OfferId.FileOf(manifest.Id), [(known, manifest)]), null)
            : Unsettled(name);
    }

    private async Task<OfferLook> LookAtFolderAsync(
        string name, IProgress<FolderProgress>? progress, CancellationToken cancellationToken)
    {
        if (FindFolder(name) is not { } folder)
        {
            return new OfferLook(null, $"there is no folder '{name}'");
        }

        FolderListing listing = FolderScanner.Scan(folder.Root, new ExcludeGlobs([]), cancellationToken);
        ScannedFile[] files = [.. listing.Files.Where(file => !IsHidden(file.Name))];
        EntryName[] empty = [.. listing.EmptyFolders.Where(one => !IsHidden(one))];
        if (files.Sum(file => SizeOf(file.Name)) + empty.Sum(SizeOf) > MostNameBytes)
        {
            return new OfferLook(null, $"the folder '{name}' has too many files to be fetched as a whole");
        }

        if (await HashAsync(folder, files, progress, cancellationToken) is not { } hashed)
        {
            return Unsettled(name);
        }

        ImmutableArray<SharedEntry> entries =
        [
            .. empty.Select(one => new SharedEntry.Folder(one)),
            .. files.Zip(hashed, (file, known) => new SharedEntry.File(
                file.Name, known.Manifest.Id, FileProbe.ToMilliseconds(file.Stamp.ModifiedAt), file.IsExecutable)),
        ];
        return entries.IsEmpty
            ? new OfferLook(null, $"the folder '{name}' is empty")
            : new OfferLook(new OfferedContents(folder.Root, entries, hashed), null);
    }

    private FolderPaths? FindFolder(string name)
    {
        if (EntryName.TryParse(name, out EntryName entry, out _) && _paths.Look(entry).Kind == FileKind.Folder)
        {
            return new FolderPaths(_paths.Of(entry));
        }

        return name == Path.GetFileName(_paths.Root) ? _paths : null;
    }

    // Null: a file changed meanwhile, or cannot be read.
    private async Task<ImmutableArray<(ContentFile File, Manifest Manifest)>?> HashAsync(
        FolderPaths folder, IReadOnlyList<ScannedFile> files, IProgress<FolderProgress>? progress,
        CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, (ContentFile, Manifest)>(StringComparer.Ordinal);
        var jobs = new List<HashJob>();
        foreach (ScannedFile file in files)
        {
            int size = ChunkLayout.DefaultChunkSize(file.Stamp.Length);
            if (!ChunkLayout.IsValid(file.Stamp.Length, size))
            {
                return null;
            }

            var layout = new ChunkLayout(file.Stamp.Length, size);
            string path = folder.Of(file.Name);
            Manifest? manifest =
                layout.ChunkCount == 0 ? new Manifest(layout, []) : _cache.Find(path, file.Stamp, layout);
            if (manifest is null)
            {
                jobs.Add(new HashJob(path, file.Name.Value, layout));
            }
            else
            {
                known[path] = (new ContentFile(file.Name, file.Stamp), manifest);
            }
        }

        DateTime begun = DateTime.UtcNow;
        await ChunkHasher.RunAsync(jobs, Environment.ProcessorCount, Finish, progress, cancellationToken);
        return files.All(file => known.ContainsKey(folder.Of(file.Name)))
            ? [.. files.Select(file => known[folder.Of(file.Name)])]
            : null;

        void Finish(HashJob job)
        {
            if (job.Result == HashResult.Done)
            {
                Manifest manifest = job.ToManifest();
                _cache.AddSettled(job.Path, job.Stamp, manifest, begun);
                known[job.Path] = (new ContentFile(EntryName.Parse(job.Name), job.Stamp), manifest);
            }
        }
    }

    private static OfferLook Unsettled(string name) =>
        new(null, $"'{name}' cannot be read, or changes while it is read");

    private static bool IsHidden(EntryName name) =>
        name.Value.StartsWith('.') || name.Value.Contains("/.", StringComparison.Ordinal);

    private static long SizeOf(EntryName name) => BytesBesideName + Encoding.UTF8.GetByteCount(name.Value);
}
