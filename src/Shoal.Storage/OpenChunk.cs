using Shoal.Storage.Files;

namespace Shoal.Storage;

/// <summary>The open file that holds a stored chunk; disposed of when it need not stay open.</summary>
public sealed class OpenChunk : IDisposable
{
    private readonly HandleCache.Rental _rental;
    private readonly FileStamp? _stamp;

    internal OpenChunk(HandleCache.Rental rental, long offset, FileStamp? stamp)
    {
        _rental = rental;
        _stamp = stamp;
        Offset = offset;
    }

    /// <summary>
    /// The file, for asynchronous reading on Linux; its position means nothing. Not to be disposed of.
    /// </summary>
    public FileStream Stream => _rental.Stream;

    /// <summary>Where the chunk begins in it.</summary>
    public long Offset { get; }

    /// <summary>Whether the file still is what it was when its bytes were known.</summary>
    public bool IsIntact() => _stamp is not { } stamp || FileProbe.StampOf(_rental.File).HasSameBytesAs(stamp);

    /// <inheritdoc/>
    public void Dispose() => _rental.Dispose();
}
