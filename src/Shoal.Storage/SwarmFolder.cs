using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Names;
using Shoal.Storage.Offers;
using Shoal.Storage.Reading;
using Shoal.Storage.Records;

namespace Shoal.Storage;

/// <summary>
/// The target folder of a swarm, open for one peer: finds and hashes what is in it, takes verified chunks,
/// serves them, and lets complete files appear under their names.
/// </summary>
/// <remarks>
/// <para>
/// Order of use: <see cref="Open(SwarmFolderOptions)"/>, <see cref="ReadAsync"/>, then everything else from any thread.
/// </para>
/// <para>
/// What Shoal keeps for itself lies in <c>.shoal/</c>: <c>lock</c>, <c>peer-id</c>, <c>hashes</c>,
/// <c>journal</c> and <c>incoming/</c>, and for a moment <c>stage/</c>. A process that is killed at any moment loses
/// no chunk that <see cref="Store"/> returned for, and leaves nothing wrong or partial under a final name.
/// </para>
/// <para>Every member throws <see cref="FolderException"/> when the disk fails.</para>
/// </remarks>
public sealed class SwarmFolder : IDisposable
{
    private readonly FolderPaths _paths;
    private readonly FolderLock? _lock;
    private readonly NameBook _book;
    private readonly ContentTable _contents;
    private readonly FolderSurvey _survey;
    private EntryPlacer? _placer;
    private Journal? _journal;

    private SwarmFolder(SwarmFolderOptions options, FolderPaths paths, PeerId peer, FolderLock? @lock)
    {
        Options = options;
        Peer = peer;
        _paths = paths;
        _lock = @lock;
        _book = new NameBook(paths.Rules);
        _contents = new ContentTable(paths, options.MostOpenFiles) { FileLost = _book.Block };
        _survey = new FolderSurvey(paths, _contents, _book);
    }

    /// <summary>How it was opened.</summary>
    public SwarmFolderOptions Options { get; }

    /// <summary>The folder's full path.</summary>
    public string Path => _paths.Root;

    /// <summary>Where a rehearsal may be held: a folder that is not there, and not to stay.</summary>
    public string Stage => _paths.Stage;

    /// <summary>This peer's identity, made when the folder was first opened.</summary>
    public PeerId Peer { get; }

    private EntryPlacer Placer =>
        _placer ?? throw new InvalidOperationException("The folder has not been read yet.");

    /// <summary>Opens the folder for this process alone.</summary>
    /// <exception cref="FolderException">It is in use, read-only, no folder, or cannot be made.</exception>
    public static SwarmFolder Open(SwarmFolderOptions options)
    {
        var paths = new FolderPaths(options.Path);
        FolderLock taken = FolderLock.Take(paths);
        return new SwarmFolder(options, paths, taken.Peer, taken);
    }

    /// <summary>
    /// Opens what is offered from a folder, for others to read: nothing is written to it, and nothing can come.
    /// </summary>
    /// <param name="offered">What; it needs not be read any more.</param>
    /// <param name="peer">Who offers it.</param>
    /// <param name="name">The name for people.</param>
    public static SwarmFolder Open(OfferedContents offered, PeerId peer, string name)
    {
        var options = new SwarmFolderOptions { Path = offered.Root, PeerName = name };
        var folder = new SwarmFolder(options, new FolderPaths(offered.Root), peer, null);
        foreach ((ContentFile file, Manifest manifest) in offered.Files)
        {
            folder._contents.AddFile(manifest, file);
            folder._book.KeepFile(file.Name, manifest.Id);
        }

        return folder;
    }

    /// <summary>
    /// Scans the folder, hashes on all cores what is not yet known, and reads the journal. Once, before
    /// anything else.
    /// </summary>
    public async Task<FolderContents> ReadAsync(
        IProgress<FolderProgress>? progress, CancellationToken cancellationToken)
    {
        if (_journal is not null)
        {
            throw new InvalidOperationException("The folder has been read already.");
        }

        try
        {
            FolderReader read = await Task.Run(
                () => FolderReader.RunAsync(_paths, Options, ReadPurpose.Run, progress, cancellationToken),
                cancellationToken);
            var assembly = new FolderAssembly(_paths, Options, Peer, read);
            _journal = assembly.Begin(_contents, _book);
            _contents.Journal = _journal;
            _placer = new EntryPlacer(_paths, _contents, _book, _journal);
            return assembly.Describe(_contents);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(_paths.Root, e);
        }
    }

    /// <summary>
    /// Makes room for a content that will come. Cheap; no file is made before its first chunk.
    /// </summary>
    public void Prepare(Manifest manifest)
    {
        _ = Placer;
        StoredContent content = _contents.Add(manifest);
        lock (content.Gate)
        {
            content.IsExpected = true;
        }
    }

    /// <summary>
    /// Checks a received chunk against its manifest and stores it. Blocks for hashing and writing.
    /// </summary>
    public StoreOutcome Store(ChunkRef chunk, ReadOnlySpan<byte> bytes) => _contents.Store(chunk, bytes);

    /// <summary>Reads bytes of stored chunks, from wherever they are. Blocks for reading.</summary>
    /// <param name="content">The content.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="destination">Filled in full, unless the outcome says otherwise.</param>
    public ReadOutcome Read(ContentId content, long offset, Span<byte> destination) =>
        _contents.Reader.Read(content, offset, destination);

    /// <summary>Reads bytes of a stored chunk, from wherever it is. Blocks for reading.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="offset">Where in the chunk.</param>
    /// <param name="destination">Filled in full, unless the outcome says otherwise.</param>
    public ReadOutcome Read(ChunkRef chunk, int offset, Span<byte> destination) =>
        _contents.Reader.Read(chunk, offset, destination);

    /// <summary>
    /// Opens the file that holds a stored chunk, for whoever can send from it. Null: it has to be read, and
    /// <see cref="Read(ChunkRef, int, Span{byte})"/> tells what is the matter, if anything is.
    /// </summary>
    public OpenChunk? TryOpen(ChunkRef chunk) => _contents.Reader.TryOpen(chunk);

    /// <summary>
    /// Notes names that shall exist here: folders and empty files at once, files when their content is
    /// complete, by copy where the content is already here under another name. May block for copying.
    /// </summary>
    /// <returns>Which of the entries appeared by this, and under which names.</returns>
    public ImmutableArray<LocalEntry> Place(HubMessage.Share share) =>
        Placer.Place(new OriginShare(share.Origin, share.OriginName, share.OriginOrder, share.Entries));

    /// <summary>
    /// Lets a content whose chunks are all stored appear under its names: by rename, further names by copy.
    /// </summary>
    /// <returns>The entries that appeared by this, and under which names.</returns>
    public ImmutableArray<LocalEntry> Complete(ContentId content) => Placer.Complete(content);

    /// <summary>
    /// The contents whose file turned out to be changed when <see cref="Place"/> or <see cref="Complete"/>
    /// wanted to copy it. Each is told once; to be asked now and then, as <see cref="Read(ChunkRef, int,
    /// Span{byte})"/> tells only of what it reads.
    /// </summary>
    public ImmutableArray<ContentId> TakeLost() => _placer?.TakeLost() ?? [];

    /// <summary>
    /// Reads an own file again that is no longer what it was: what it is now can be served from then on.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What it is now; null: it is gone, cannot be read, or changes while it is read.</returns>
    public Task<OwnFile?> ReadAgainAsync(EntryName name, CancellationToken cancellationToken) =>
        FileReader.RunAsync(_paths, _contents, Options, name, cancellationToken);

    /// <summary>
    /// The own files that are no longer what was shared: they changed or vanished since the folder was read.
    /// Nothing is read for this; a file that is open while it is deleted can still be served, so that
    /// <see cref="Read(ChunkRef, int, Span{byte})"/> does not tell of it.
    /// </summary>
    public ImmutableArray<(EntryName Name, Manifest Manifest)> FindChanged() => _survey.FindChanged();

    /// <summary>The chunks of a content that are here; null: nothing is known of it.</summary>
    public Bitfield? ChunksOf(ContentId content)
    {
        if (!_contents.TryFind(content, out StoredContent? stored))
        {
            return null;
        }

        lock (stored.Gate)
        {
            return stored.Chunks.Clone();
        }
    }

    /// <summary>Whether a chunk is here.</summary>
    public bool Has(ChunkRef chunk)
    {
        if (!_contents.TryFind(chunk.Content, out StoredContent? stored))
        {
            return false;
        }

        lock (stored.Gate)
        {
            return stored.Manifest.Layout.Contains(chunk.Index) && stored.Chunks[chunk.Index.Value];
        }
    }

    /// <summary>Whether all of a content is here.</summary>
    public bool IsWhole(ContentId content)
    {
        if (!_contents.TryFind(content, out StoredContent? stored))
        {
            return false;
        }

        lock (stored.Gate)
        {
            return stored.IsComplete;
        }
    }

    /// <summary>
    /// A content that is here under a name, as an offer of its own; null: it is not here, or not under a name.
    /// </summary>
    public OfferedContents? TryOffer(ContentId content)
    {
        if (!_contents.TryFind(content, out StoredContent? stored))
        {
            return null;
        }

        lock (stored.Gate)
        {
            return stored.Files is [var file, ..]
                ? new OfferedContents(_paths.Root, OfferId.FileOf(content), [(file, stored.Manifest)])
                : null;
        }
    }

    /// <summary>Drops a content that has no name here, complete or not, with its bytes.</summary>
    public void GiveUp(ContentId content) => _contents.GiveUp(content);

    /// <summary>Drops a content that is wanted no longer, unless it is complete.</summary>
    public void Forget(ContentId content)
    {
        _placer?.Forget(content);
        _contents.Forget(content);
    }

    /// <summary>
    /// Drops what earlier runs began to fetch and nobody has prepared for in this one. For the end of a run
    /// in which everything came.
    /// </summary>
    /// <returns>How many contents that were.</returns>
    public int ForgetLeftovers() => _survey.ForgetLeftovers();

    /// <summary>Whether there is room for what was prepared and placed so far.</summary>
    public FolderSpace MeasureSpace() => _survey.MeasureSpace(Placer);

    /// <summary>
    /// Computes the MD5 of every shared or received file that is here, on all cores, in the order of names.
    /// </summary>
    public Task<ImmutableArray<FileMd5>> HashMd5Async(
        IProgress<FolderProgress>? progress, CancellationToken cancellationToken) =>
        _survey.HashMd5Async(Options.Workers, progress, cancellationToken);

    /// <summary>Closes every file and lets others open the folder.</summary>
    public void Dispose()
    {
        _contents.Dispose();
        _journal?.Dispose();
        _lock?.Dispose();
    }
}
