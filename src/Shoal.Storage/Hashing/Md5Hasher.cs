using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;

namespace Shoal.Storage.Hashing;

/// <summary>Computes the MD5 of whole files: one file a thread, as MD5 cannot be cut.</summary>
internal static class Md5Hasher
{
    private const int SliceSize = 256 * 1024;

    public static async Task<ImmutableArray<FileMd5>> RunAsync(
        FolderPaths paths, List<ContentFile> files, int workers, IProgress<FolderProgress>? progress,
        CancellationToken cancellationToken)
    {
        // The longest first, so that none is begun when the others are done.
        files.Sort(static (a, b) => b.Stamp.Length.CompareTo(a.Stamp.Length));
        long total = files.Sum(f => f.Stamp.Length);
        var digests = new FileMd5?[files.Count];
        var gate = new Lock();
        long doneBytes = 0;
        int doneFiles = 0;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, workers),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, files.Count, options, (i, token) =>
        {
            digests[i] = Hash(paths, files[i].Name, token);
            lock (gate)
            {
                doneBytes += files[i].Stamp.Length;
                doneFiles++;
                progress?.Report(new FolderProgress(
                    doneBytes, total, doneFiles, files.Count, files[i].Name.Value));
            }

            return ValueTask.CompletedTask;
        });
        return [.. digests.Select(d => d!).OrderBy(d => d.Name.Value, StringComparer.Ordinal)];
    }

    [SuppressMessage("Security", "CA5351", Justification = "To compare with other programs, not to protect.")]
    private static FileMd5 Hash(FolderPaths paths, EntryName name, CancellationToken cancellationToken)
    {
        string path = paths.Of(name);
        try
        {
            using SafeFileHandle file = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            byte[] slice = System.Buffers.ArrayPool<byte>.Shared.Rent(SliceSize);
            long offset = 0;
            while (RandomAccess.Read(file, slice, offset) is > 0 and int count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(slice, 0, count);
                offset += count;
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(slice);
            return new FileMd5(name, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(path, e);
        }
    }
}
