using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;
using Shoal.Storage.Names;

namespace Shoal.Storage;

/// <summary>What all contents of an open folder come to together; asked now and then, never on the way of a chunk.
/// </summary>
internal sealed class FolderSurvey(FolderPaths paths, ContentTable contents, NameBook book)
{
    /// <inheritdoc cref="SwarmFolder.FindChanged"/>
    public ImmutableArray<(EntryName Name, Manifest Manifest)> FindChanged()
    {
        var changed = ImmutableArray.CreateBuilder<(EntryName, Manifest)>();
        foreach (StoredContent content in contents.All)
        {
            ImmutableArray<ContentFile> files;
            lock (content.Gate)
            {
                files = [.. content.Files];
            }

            foreach (ContentFile file in files)
            {
                FileStatus status = paths.Look(file.Name);
                if (book.IsOwn(file.Name, content.Id)
                    && (status.Kind != FileKind.File || !status.Stamp.HasSameBytesAs(file.Stamp)))
                {
                    changed.Add((file.Name, content.Manifest));
                }
            }
        }

        return changed.ToImmutable();
    }

    /// <inheritdoc cref="SwarmFolder.ForgetLeftovers"/>
    public int ForgetLeftovers()
    {
        int count = 0;
        foreach (StoredContent content in contents.All)
        {
            bool isLeftover;
            lock (content.Gate)
            {
                isLeftover = !content.IsExpected && !content.IsComplete;
            }

            count += isLeftover && contents.Forget(content.Id) ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc cref="SwarmFolder.MeasureSpace"/>
    public FolderSpace MeasureSpace(EntryPlacer placer)
    {
        long needed = 0;
        foreach (StoredContent content in contents.All)
        {
            int names = placer.CountWanted(content.Id);
            lock (content.Gate)
            {
                long missing = content.IsExpected ? content.MissingBytes : 0;
                needed += FolderSpace.NeededFor(
                    content.Manifest.Length, missing, names, content.Files.Count > 0);
            }
        }

        return new FolderSpace(needed, paths.MeasureFree());
    }

    /// <inheritdoc cref="SwarmFolder.HashMd5Async"/>
    public Task<ImmutableArray<FileMd5>> HashMd5Async(
        int workers, IProgress<FolderProgress>? progress, CancellationToken cancellationToken)
    {
        var files = new List<ContentFile>();
        foreach (StoredContent content in contents.All)
        {
            lock (content.Gate)
            {
                files.AddRange(content.Files);
            }
        }

        return Md5Hasher.RunAsync(paths, files, workers, progress, cancellationToken);
    }
}
