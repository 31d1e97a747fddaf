using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;

namespace Shoal.Storage.Contents;

/// <summary>
/// Gives out the contents of a target folder, while others of them come and files are renamed or lost. Thread-safe.
/// </summary>
internal sealed class ContentReader(ContentTable contents, FolderPaths paths, HandleCache handles)
{
    /// <summary>A file that is being renamed while it is read is looked for again so often.</summary>
    private const int MostAttempts = 4;

    /// <summary>Reads bytes of a content, from wherever they are.</summary>
    /// <param name="id">The content.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="destination">Filled in full, unless the outcome says otherwise.</param>
    public ReadOutcome Read(ContentId id, long offset, Span<byte> destination)
    {
        if (!contents.TryFind(id, out StoredContent? content))
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

            contents.Lose(content, file, isFinal: attempt >= MostAttempts);
        }
    }

    /// <summary>Reads bytes of a stored chunk, from wherever it is.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="offset">Where in the chunk.</param>
    /// <param name="destination">Filled in full, unless the outcome says otherwise.</param>
    public ReadOutcome Read(ChunkRef chunk, int offset, Span<byte> destination) =>
        contents.TryFind(chunk.Content, out StoredContent? content) && content.Manifest.Layout.Contains(chunk.Index)
            ? Read(chunk.Content, content.Manifest.Layout.RangeOf(chunk.Index).Offset + offset, destination)
            : ReadOutcome.NotHere;

    /// <summary>Opens the file that holds a stored chunk; null: none does for sure.</summary>
    public OpenChunk? TryOpen(ChunkRef chunk)
    {
        if (!contents.TryFind(chunk.Content, out StoredContent? content)
            || !content.Manifest.Layout.Contains(chunk.Index))
        {
            return null;
        }

        ByteRange range = content.Manifest.Layout.RangeOf(chunk.Index);
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
        ? handles.Rent(paths.IncomingOf(content.Id), FileMode.Open, FileAccess.ReadWrite)
        : handles.Rent(paths.Of(file.Name), FileMode.Open, FileAccess.Read);

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
}
