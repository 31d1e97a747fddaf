using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Storage.Contents;

/// <summary>The contents of a target folder: knows where they are, and takes their chunks. Thread-safe.</summary>
internal sealed class ContentTable : IDisposable
{
    private readonly FolderPaths _paths;
    private readonly ConcurrentDictionary<ContentId, StoredContent> _contents = new();
    private readonly HandleCache _handles;

    /// <summary>A table of nothing.</summary>
    /// <param name="paths">Where the folder's files are.</param>
    /// <param name="mostOpenFiles">So many are kept open at most, but for those in use.</param>
    public ContentTable(FolderPaths paths, int mostOpenFiles)
    {
        _paths = paths;
        _handles = new HandleCache(mostOpenFiles);
        Reader = new ContentReader(this, paths, _handles);
    }

    /// <summary>Gives out what is here.</summary>
    public ContentReader Reader { get; }

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
        string path = _paths.IncomingOf(content.Id);
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
                _handles.Drop(_paths.Of(file.Name));
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

        _handles.Drop(_paths.IncomingOf(content.Id));
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

            string path = _paths.IncomingOf(id);
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
