using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;

namespace Shoal.Storage.Offers;

/// <summary>
/// A file that has the name already under which another is to appear, and that is kept: finds out whether the other is
/// the same, so that there is nothing to do.
/// </summary>
public sealed class KeptFile : IDisposable
{
    /// <summary>
    /// A longer file is compared in chunks of the usual size alone: for each other one it would be read once more.
    /// </summary>
    public const long MostBytesInOtherChunks = 4L << 30;

    private const int BufferBytes = 256 * 1024;

    private readonly string _path;
    private readonly byte[] _buffer = new byte[BufferBytes];

    // Null: a link, which is nobody's content.
    private readonly SafeFileHandle? _handle;

    private KeptFile(string path, SafeFileHandle? handle)
    {
        _path = path;
        _handle = handle;
        Length = handle is null ? 0 : RandomAccess.GetLength(handle);
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>How many of its first bytes were found to be the other's too.</summary>
    public long SameBytes { get; private set; }

    /// <summary>Whether it is the other, all of which has been compared.</summary>
    public bool IsSame => _handle is not null && SameBytes == Length;

    /// <summary>Opens what has a name; null: nothing has it, or what is no file and so is never replaced.</summary>
    /// <exception cref="FolderException">It cannot be read.</exception>
    public static KeptFile? TryOpen(string target)
    {
        string path = Path.GetFullPath(target);
        try
        {
            return FileProbe.Look(path).Kind switch
            {
                FileKind.File => new KeptFile(path, File.OpenHandle(path)),
                FileKind.Link => new KeptFile(path, null),
                _ => null,
            };
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(path, e);
        }
    }

    /// <summary>
    /// Whether it is what somebody offers as a single file, in chunks of whatever size, unless it is very long. An
    /// offer does not tell the size, so that a file of the same length that differs is hashed once for each.
    /// </summary>
    /// <param name="offer">What is offered.</param>
    /// <param name="bytes">How long that is.</param>
    /// <param name="progress">Told how far it is, from the beginning again for another size.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<bool> IsAsync(
        OfferId offer, long bytes, IProgress<FolderProgress> progress, CancellationToken cancellationToken)
    {
        if (_handle is null || Length != bytes)
        {
            return false;
        }

        foreach (int size in SizesOf(Length))
        {
            if (await IsAsync(offer, new ChunkLayout(Length, size), progress, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    // The one that hardly anybody departs from comes first.
    private static IEnumerable<int> SizesOf(long length)
    {
        int usual = ChunkLayout.DefaultChunkSize(length);
        var others = new List<int>();
        for (int size = ChunkLayout.LargestSize;
            size >= ChunkLayout.SmallestSize && length <= MostBytesInOtherChunks;
            size /= 2)
        {
            others.Add(size);
        }

        return others.Where(size => size != usual).Prepend(usual).Where(size => ChunkLayout.IsValid(length, size));
    }

    private async Task<bool> IsAsync(
        OfferId offer, ChunkLayout layout, IProgress<FolderProgress> progress, CancellationToken cancellationToken)
    {
        if (layout.ChunkCount == 0)
        {
            return Is(new Manifest(layout, []));
        }

        bool isSame = false;
        await ChunkHasher.RunAsync(
            [new HashJob(_path, _path, layout)], Environment.ProcessorCount,
            job => isSame = job.Result == HashResult.Done && Is(job.ToManifest()), progress,
            cancellationToken);
        return isSame;

        bool Is(Manifest manifest) => OfferId.Of(OfferId.FileOf(manifest.Id)) == offer;
    }

    /// <summary>Whether it goes on with the other's next bytes.</summary>
    /// <exception cref="FolderException">It cannot be read.</exception>
    public bool GoesOnWith(ReadOnlySpan<byte> next)
    {
        if (next.Length > Length - SameBytes)
        {
            return false;
        }

        try
        {
            while (!next.IsEmpty)
            {
                Span<byte> own = _buffer.AsSpan(0, Math.Min(next.Length, _buffer.Length));
                ChunkReader.ReadExactly(_handle!, own, SameBytes);
                if (!own.SequenceEqual(next[..own.Length]))
                {
                    return false;
                }

                SameBytes += own.Length;
                next = next[own.Length..];
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(_path, e);
        }

        return true;
    }

    public void Dispose() => _handle?.Dispose();
}
