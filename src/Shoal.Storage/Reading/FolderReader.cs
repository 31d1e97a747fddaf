using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;
using Shoal.Storage.Records;

namespace Shoal.Storage.Reading;

/// <summary>What a folder is read for.</summary>
internal enum ReadPurpose
{
    /// <summary>A run, which holds it: what is found out is written down, and what is damaged put aside.</summary>
    Run,

    /// <summary>To say what is in it: nothing in it changes.</summary>
    Look,
}

/// <summary>
/// Finds out what is in a target folder: scans it, asks the journal and the remembered hashes, and hashes the
/// rest. What is not complete is looked through by <see cref="IncomingReader"/>.
/// </summary>
internal sealed class FolderReader
{
    /// <summary>A file that changed while it was hashed is hashed again so often.</summary>
    private const int MostChanges = 3;

    private readonly FolderPaths _paths;
    private readonly SwarmFolderOptions _options;
    private readonly ReadPurpose _purpose;
    private readonly JournalState _state;
    private readonly Dictionary<ContentId, JournalContent> _known = [];
    private readonly IncomingReader _incoming;

    private FolderReader(FolderPaths paths, SwarmFolderOptions options, ReadPurpose purpose)
    {
        _paths = paths;
        _options = options;
        _purpose = purpose;
        _incoming = new IncomingReader(paths, Notes);
        _state = Records.Journal.Read(paths.Journal);
        IsTrusted = _state.BootId.Length > 0 && _state.BootId == options.BootId;
        foreach (JournalContent? content in _state.Contents)
        {
            if (content is not null)
            {
                _known[content.Manifest.Id] = content;
            }
        }
    }

    /// <summary>
    /// Whether the machine is still running since the journal was written, so that its word is enough.
    /// </summary>
    public bool IsTrusted { get; }

    public JournalState Journal => _state;

    public FolderListing Listing { get; private set; } = new();

    /// <summary>The files, each with what it turned out to be.</summary>
    public List<Candidate> Files { get; } = [];

    /// <summary>The contents that are being put together, with their right chunks.</summary>
    public IReadOnlyList<JournalContent> Incoming => _incoming.Contents;

    public List<FolderNote> Notes { get; } = [];

    public long HashedBytes { get; private set; }

    /// <summary>The manifest of a content that the journal knows.</summary>
    public Manifest? ManifestOf(ContentId content) =>
        _known.TryGetValue(content, out JournalContent? known) ? known.Manifest : null;

    public static async Task<FolderReader> RunAsync(
        FolderPaths paths, SwarmFolderOptions options, ReadPurpose purpose, IProgress<FolderProgress>? progress,
        CancellationToken cancellationToken)
    {
        var reader = new FolderReader(paths, options, purpose);
        reader.Listing = FolderScanner.Scan(
            paths.Root, new ExcludeGlobs(options.Excludes), cancellationToken);
        reader.Notes.AddRange(reader.Listing.Notes);
        reader.CollectFiles();
        using HashCache cache = purpose == ReadPurpose.Run
            ? HashCache.Load(paths.Hashes)
            : HashCache.LoadInMemory(paths.Hashes);
        List<HashJob> incoming = reader._incoming.Collect(reader._known.Values, reader.IsTrusted);
        while (reader.NextJobs(cache) is var jobs && (jobs.Count > 0 || incoming.Count > 0))
        {
            DateTime begun = DateTime.UtcNow;
            await ChunkHasher.RunAsync(
                [.. incoming, .. jobs.Keys], options.Workers, job => reader.Finish(job, jobs, cache, begun),
                progress, cancellationToken);
            incoming = [];
        }

        cache.Trim();
        reader.Notes.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return reader;
    }

    private void CollectFiles()
    {
        var placements = new Dictionary<EntryName, List<Placement>>();
        foreach (Placement placement in _state.Placements.Values)
        {
            if (placement.Entry is SharedEntry.File)
            {
                if (!placements.TryGetValue(placement.Local, out List<Placement>? here))
                {
                    placements[placement.Local] = here = [];
                }

                here.Add(placement);
            }
        }

        foreach (ScannedFile file in Listing.Files)
        {
            placements.Remove(file.Name, out List<Placement>? here);
            Collect(file, here ?? []);
        }

        // What came from others counts wherever it lies, even where own files are excluded.
        foreach ((EntryName name, List<Placement> here) in placements)
        {
            FileStatus status = _paths.Look(name);
            if (status.Kind == FileKind.File)
            {
                Collect(new ScannedFile(name, status.Stamp, status.IsExecutable), here);
            }
        }
    }

    private void Collect(ScannedFile file, IReadOnlyList<Placement> placements)
    {
        var candidate = new Candidate(file, placements);
        Files.Add(candidate);
        foreach (Placement placement in placements)
        {
            if (IsTrusted && placement.Stamp.IsSameFileAs(file.Stamp)
                && ManifestOf(Candidate.ContentOf(placement)) is { } manifest
                && manifest.Length == file.Stamp.Length)
            {
                candidate.Trust(manifest);
                return;
            }
        }

        Plan(candidate);
    }

    private void Plan(Candidate candidate)
    {
        if (!candidate.Plan(_options.ChunkSize, ManifestOf))
        {
            Skip(candidate, "The file is too long to be shared and is skipped.");
        }
    }

    private void Skip(Candidate candidate, string text)
    {
        candidate.Skip();
        Notes.Add(new FolderNote(candidate.File.Name.Value, text));
    }

    private Dictionary<HashJob, Candidate> NextJobs(HashCache cache)
    {
        var jobs = new Dictionary<HashJob, Candidate>();
        foreach (Candidate candidate in Files)
        {
            while (candidate.Origin == FileOrigin.Open)
            {
                ScannedFile file = candidate.File;
                Manifest? manifest = candidate.Layout.ChunkCount == 0
                    ? new Manifest(candidate.Layout, [])
                    : cache.Find(file.Name.Value, file.Stamp, candidate.Layout);
                if (manifest is null)
                {
                    jobs[new HashJob(_paths.Of(file.Name), file.Name.Value, candidate.Layout)] = candidate;
                    break;
                }

                Learn(candidate, manifest);
            }
        }

        return jobs;
    }

    private void Learn(Candidate candidate, Manifest manifest)
    {
        candidate.Learn(manifest);
        if (candidate.Origin != FileOrigin.Own || IsTrusted)
        {
            return;
        }

        foreach (Placement placement in candidate.Placements)
        {
            FileStamp stamp = candidate.File.Stamp;
            if (placement.Stamp.Inode != 0 && placement.Stamp.IsSameFileAs(stamp)
                && ManifestOf(Candidate.ContentOf(placement)) is { } expected
                && expected.Length == stamp.Length)
            {
                TakeBack(candidate, expected);
                return;
            }
        }
    }

    // The machine stopped before all bytes of a file were on the disk. Nothing wrong stays under a final
    // name: the file becomes one that is being put together, and only what is wrong is fetched again.
    private void TakeBack(Candidate candidate, Manifest expected)
    {
        Bitfield right = candidate.Condemn(expected);
        if (_purpose == ReadPurpose.Run)
        {
            string path = _paths.Of(candidate.File.Name);
            try
            {
                File.Move(path, _paths.IncomingOf(expected.Id), overwrite: true);
            }
            catch (Exception e) when (FolderFailure.IsFromDisk(e))
            {
                throw FolderFailure.At(path, e);
            }
        }

        _incoming.TakeBack(expected, right);
        Notes.Add(new FolderNote(candidate.File.Name.Value,
            "The file was damaged when the machine stopped. What is wrong in it is fetched again."));
    }

    // Called for one job at a time.
    private void Finish(HashJob job, Dictionary<HashJob, Candidate> jobs, HashCache cache, DateTime begun)
    {
        HashedBytes += job.WantedBytes;
        if (job.Incoming is { } content)
        {
            _incoming.Verify(job, content);
            return;
        }

        Candidate candidate = jobs[job];
        string name = candidate.File.Name.Value;
        switch (job.Result)
        {
            case HashResult.Unreadable:
                Skip(candidate, $"The file cannot be read and is skipped: {job.Failure}");
                break;
            case HashResult.Changed:
                FileStatus status = _paths.Look(candidate.File.Name);
                candidate.Change(status);
                if (status.Kind != FileKind.File || candidate.Changes > MostChanges)
                {
                    Skip(candidate, "The file changes while it is read and is skipped.");
                }
                else
                {
                    Plan(candidate);
                }

                break;
            default:
                Manifest manifest = job.ToManifest();
                candidate.See(job.Stamp);
                cache.AddSettled(name, job.Stamp, manifest, begun);
                Learn(candidate, manifest);
                break;
        }
    }
}
