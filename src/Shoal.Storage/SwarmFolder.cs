using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Storage;

/// <summary>
/// The target folder of a swarm, open for one peer: finds and hashes what is in it, takes verified chunks, serves
/// them, and lets complete files appear under their names.
/// </summary>
/// <remarks>
/// <para>Order of use: <see cref="Open"/>, <see cref="ReadAsync"/>, then everything else from any thread.</para>
/// <para>
/// What Shoal keeps for itself lies in <c>.shoal/</c>: <c>lock</c>, <c>peer-id</c>, <c>hashes</c>, <c>journal</c> and
/// <c>incoming/</c>. A process that is killed at any moment loses no chunk that <see cref="Store"/> returned for, and
/// leaves nothing wrong or partial under a final name.
/// </para>
/// <para>Every member throws <see cref="FolderException"/> when the disk fails.</para>
/// </remarks>
public sealed class SwarmFolder : IDisposable
{
    private SwarmFolder(SwarmFolderOptions options) => Options = options;

    /// <summary>How it was opened.</summary>
    public SwarmFolderOptions Options { get; }

    /// <summary>This peer's identity, made when the folder was first opened.</summary>
    public PeerId Peer { get; }

    /// <summary>Opens the folder for this process alone.</summary>
    /// <exception cref="FolderException">It is in use, read-only, no folder, or cannot be made.</exception>
    public static SwarmFolder Open(SwarmFolderOptions options) => new(options);

    /// <summary>
    /// Scans the folder, hashes on all cores what is not yet known, and reads the journal. Once, before anything else.
    /// </summary>
    public Task<FolderContents> ReadAsync(IProgress<FolderProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Makes room for a content that will come. Cheap; no file is made before its first chunk.</summary>
    public void Prepare(Manifest manifest) => throw new NotImplementedException();

    /// <summary>Checks a received chunk against its manifest and stores it. Blocks for hashing and writing.</summary>
    public StoreOutcome Store(ChunkRef chunk, ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>Reads bytes of stored chunks, from wherever they are. Blocks for reading.</summary>
    /// <param name="content">The content.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="destination">Filled in full, unless the outcome says otherwise.</param>
    public ReadOutcome Read(ContentId content, long offset, Span<byte> destination) =>
        throw new NotImplementedException();

    /// <summary>
    /// Notes names that shall exist here: folders and empty files at once, files when their content is complete, by
    /// copy where the content is already here under another name. May block for copying.
    /// </summary>
    /// <returns>Which of the entries are here now, and under which names.</returns>
    public ImmutableArray<LocalEntry> Place(HubMessage.Share share) => throw new NotImplementedException();

    /// <summary>
    /// Lets a content whose chunks are all stored appear under its names: by rename, further names by copy.
    /// </summary>
    /// <returns>The entries that are here now, and under which names.</returns>
    public ImmutableArray<LocalEntry> Complete(ContentId content) => throw new NotImplementedException();

    /// <summary>Drops a content that is wanted no longer, unless it is complete.</summary>
    public void Forget(ContentId content) => throw new NotImplementedException();

    /// <summary>Whether there is room for what was prepared and placed so far.</summary>
    public FolderSpace MeasureSpace() => throw new NotImplementedException();

    /// <summary>Computes the MD5 of every shared or received file that is here, on all cores.</summary>
    public Task<ImmutableArray<FileMd5>> HashMd5Async(
        IProgress<FolderProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes every file and lets others open the folder.</summary>
    public void Dispose()
    {
    }
}
