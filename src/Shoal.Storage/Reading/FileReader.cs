using Shoal.Core.Content;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;

namespace Shoal.Storage.Reading;

/// <summary>Reads one own file while the folder is in use.</summary>
internal static class FileReader
{
    /// <summary>A file that changed while it was hashed is hashed again so often.</summary>
    private const int MostAttempts = 4;

    public static async Task<OwnFile?> RunAsync(
        FolderPaths paths, ContentTable contents, SwarmFolderOptions options, EntryName name,
        CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            FileStatus status = paths.Look(name);
            var candidate = new Candidate(new ScannedFile(name, status.Stamp, status.IsExecutable), []);
            if (status.Kind != FileKind.File || !candidate.Plan(options.ChunkSize, static _ => null))
            {
                return null;
            }

            var job = new HashJob(paths.Of(name), name.Value, candidate.Layout);
            if (candidate.Layout.ChunkCount > 0)
            {
                await ChunkHasher.RunAsync(
                    [job], options.Workers, static _ => { }, progress: null, cancellationToken);
            }

            if (candidate.Layout.ChunkCount == 0 || job.Result == HashResult.Done)
            {
                Manifest manifest = candidate.Layout.ChunkCount == 0
                    ? new Manifest(candidate.Layout, []) : job.ToManifest();
                FileStamp stamp = candidate.Layout.ChunkCount == 0 ? status.Stamp : job.Stamp;
                contents.AddFile(manifest, new ContentFile(name, stamp));
                long modifiedAt = FileProbe.ToMilliseconds(stamp.ModifiedAt);
                return new OwnFile(
                    new SharedEntry.File(name, manifest.Id, modifiedAt, status.IsExecutable), manifest);
            }
        }

        return null;
    }
}
