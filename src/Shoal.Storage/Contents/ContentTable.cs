using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;
using Shoal.Storage.Records;

namespace Shoal.Storage.Contents;

/// <summary>The contents of a target folder: takes their chunks and gives them out. Thread-safe.</summary>
internal sealed class ContentTable(FolderPaths paths, int mostOpenFiles) : IDisposable
{
    /// <summary>A file that is being renamed while it is read is looked for again so often.</summary>
    private const int MostReadAttempts = 4;

    private readonly ConcurrentDictionary<ContentId, StoredContent> _contents = new();
    private readonly HandleCache _handles = new(mostOpenFiles);

    /// <summary>
    /// Where verified chunks are noted; set once the folder has been read. Null where nothing can come.
    /// </summary>
    public Journal? Journal { get; set; }

    /// <summary>Told of each file that turned out not to hold its content any more.</summary>
    public Action<EntryName>? FileLost { get; set; }

    /// <summary>All contents, in no order.</summary>
    public IEnumerable<StoredContent> All => _contents.Values;

    public bool TryFind(ContentId id, [NotNullWhen(true)] out StoredContent? content) =>
        _contents.TryGetValue(id, out content);

    /// <summary>The content of a manifest, noted if it is new.</summary>
    public StoredContent Add(Manifest manifest) =>
        _contents.GetOrAdd(manifest.Id, static (_, m) => new StoredContent(m), manifest);

    /// <summary>Notes a file that holds a whole content.</summary>
    public void AddFile(Manifest manifest, ContentFile file)
    {
        StoredContent content = Add(manifest);
        lock (content.Gate)
        {
            content.Files.Add(file);
            content.Chunks = Bitfield.Full(manifest.ChunkCount);
        }
    }

    /// <summary>Notes what an earlier run put together.</summary>
    public void AddIncoming(Manifest manifest, Bitfield chunks)
    {
        StoredContent content = Add(manifest);
        lock (content.Gate)
        {
            content.HasIncoming = true;
            content.Chunks = chunks;
        }
    }

    /// <summary>Checks a chunk against its manifest and stores it.</summary>
    public StoreOutcome Store(ChunkRef chunk, ReadOnlySpan<byte> bytes)
    {
        if (!TryFind(chunk.Content, out StoredContent? content))
        {
            return StoreOutcome.Unknown;
        }

        if (!content.Manifest.IsRight(chunk.Index, bytes))
        {
            return StoreOutcome.Corrupt;
        }

        if (!BeginWrite(content, chunk.Index.Value))
        {
            return StoreOutcome.AlreadyStored;
        }

        WriteNew(content, chunk.Index, bytes);
        return StoreOutcome.Stored;
    }

    // In the endgame a chunk may come twice at a time. The second waits for the first: were it written again,
    // it could touch a file that is complete already.
    private static bool BeginWrite(StoredContent content, int chunk)
    {
        lock (content.Gate)
        {
            while (content.BeingWritten.Contains(chunk))
            {
                Monitor.Wait(content.Gate);
            }

            return !content.Chunks[chunk] && content.BeingWritten.Add(chunk);
        }
    }

    private void WriteNew(StoredContent content, ChunkIndex chunk, ReadOnlySpan<byte> bytes)
    {
        string path = paths.IncomingOf(content.Id);
        bool isWritten = false;
        try
        {
            WriteTo(path, content.Manifest, chunk, bytes);
            isWritten = true;
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(path, e);
        }
        finally
        {
            lock (content.Gate)
            {
                content.BeingWritten.Remove(chunk.Value);
                Monitor.PulseAll(content.Gate);
                if (isWritten)
                {
                    Journal!.Stored(content.Manifest, chunk);
                    content.HasIncoming = true;
                    content.Chunks.Set(chunk.Value);
                }
            }
        }
    }

    private void WriteTo(string path, Manifest manifest, ChunkIndex chunk, ReadOnlySpan<byte> bytes)
    {
        const FileShare share = FileShare.ReadWrite | FileShare.Delete;
        if (manifest.ChunkCount == 1)
        {
            // Not worth a place among the open files: of small contents there are thousands.
            using SafeFileHandle small = File.OpenHandle(path, FileMode.Create, FileAccess.Write, share);
            RandomAccess.Write(small, bytes, 0);
            return;
        }

        using HandleCache.Rental rental = _handles.Rent(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        RandomAccess.Write(rental.File, bytes, manifest.Layout.RangeOf(chunk).Offset);
    }

    /// <summary>Reads bytes of a content from wherever they are.</summary>
    public ReadOutcome Read(ContentId id, long offset, Span<byte> destination)
    {
        if (!TryFind(id, out StoredContent? content))
        {
            return ReadOutcome.NotHere;
        }

        for (int attempt = 1; ; attempt++)
        {
            ContentFile? file;
            lock (content.Gate)
            {
                if (!content.Covers(offset, destination.Length))
                {
                    return attempt == 1 ? ReadOutcome.NotHere : ReadOutcome.ContentLost;
                }

                if (destination.IsEmpty)
                {
                    return ReadOutcome.Done;
                }

                file = content.Files.Count > 0 ? content.Files[0] : null;
            }

            if (TryRead(content, file, offset, destination))
            {
                return ReadOutcome.Done;
            }

            if (file is null)
            {
                WaitForPlacing(content);
            }

            Lose(content, file, isFinal: attempt >= MostReadAttempts);
        }
    }

    /// <summary>Opens the file that holds a range of a content; null: none does for sure.</summary>
    public OpenChunk? TryOpen(StoredContent content, ByteRange range)
    {
        ContentFile? file;
        lock (content.Gate)
        {
            if (range.Length == 0 || !content.Covers(range.Offset, range.Length))
            {
                return null;
            }

            file = content.Files.Count > 0 ? content.Files[0] : null;
        }

        try
        {
            var open = new OpenChunk(Rent(content, file), range.Offset, file?.Stamp);
            if (open.IsIntact())
            {
                return open;
            }

            open.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private HandleCache.Rental Rent(StoredContent content, ContentFile? file) => file is null
        ? _handles.Rent(paths.IncomingOf(content.Id), FileMode.Open, FileAccess.ReadWrite)
        : _handles.Rent(paths.Of(file.Name), FileMode.Open, FileAccess.Read);

    // Between its rename and the note of it an incoming file is nowhere; without this wait a reader that is quick
    // where the renamer is slow would take it for lost.
    private static void WaitForPlacing(StoredContent content)
    {
        lock (content.Placing)
        {
        }
    }

    // Length and time are compared behind the read: so they tell of a change before it and during it.
    private bool TryRead(StoredContent content, ContentFile? file, long offset, Span<byte> destination)
    {
        try
        {
            using HandleCache.Rental rental = Rent(content, file);
            ChunkReader.ReadExactly(rental.File, destination, offset);
            return file is null || FileProbe.StampOf(rental.File).HasSameBytesAs(file.Stamp);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException
            or EndOfStreamException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(file is null ? paths.IncomingOf(content.Id) : paths.Of(file.Name), e);
        }
    }

    /// <summary>
    /// Strikes a file out that no longer holds a content, or, if <paramref name="isFinal"/>, the incoming
    /// one.
    /// </summary>
    public void Lose(StoredContent content, ContentFile? file, bool isFinal)
    {
        lock (content.Gate)
        {
            if (file is null)
            {
                content.HasIncoming &= !isFinal;
            }
            else if (content.Files.Remove(file))
            {
                _handles.Drop(paths.Of(file.Name));
                FileLost?.Invoke(file.Name);
            }

            if (!content.HasIncoming && content.Files.Count == 0)
            {
                content.Chunks = new Bitfield(content.Manifest.ChunkCount);
                Journal?.Dropped(content.Id);
            }
        }
    }

    /// <summary>The incoming file of a content has become a file with a name.</summary>
    public void Move(StoredContent content, ContentFile file)
    {
        lock (content.Gate)
        {
            content.HasIncoming = false;
            content.Files.Add(file);
        }

        _handles.Drop(paths.IncomingOf(content.Id));
    }

    /// <summary>Drops a content that is not complete, with its bytes.</summary>
    public bool Forget(ContentId id) => Drop(id, content => !content.IsComplete);

    /// <summary>Drops a content that has no name here, with its bytes.</summary>
    public bool GiveUp(ContentId id) => Drop(id, content => content.Files.Count == 0);

    private bool Drop(ContentId id, Func<StoredContent, bool> mayGo)
    {
        if (!TryFind(id, out StoredContent? content))
        {
            return false;
        }

        lock (content.Gate)
        {
            if (!mayGo(content) || !_contents.TryRemove(id, out _))
            {
                return false;
            }

            string path = paths.IncomingOf(id);
            _handles.Drop(path);
            Journal?.Dropped(id);
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (FolderFailure.IsFromDisk(e))
            {
                throw FolderFailure.At(path, e);
            }

            return true;
        }
    }

    public void Dispose() => _handles.Dispose();
}
