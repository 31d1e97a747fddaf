using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Contents;

/// <summary>
/// Finds, for a content that is complete, a file that can be given a name: the one where it was put together, or else
/// a copy of one that has a name. Thread-safe for different contents.
/// </summary>
internal sealed class FinishedFiles(FolderPaths paths, ContentTable contents)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ContentId> _lost = [];

    /// <summary>Contents that turned out not to be here when a copy was to be made. Tells each once.</summary>
    public ImmutableArray<ContentId> TakeLost()
    {
        lock (_gate)
        {
            ImmutableArray<ContentId> lost = [.. _lost];
            _lost.Clear();
            return lost;
        }
    }

    /// <summary>The path of a finished file; null if the content turned out not to be here any more.</summary>
    public string? Find(StoredContent content)
    {
        string incoming = paths.IncomingOf(content.Id);
        string copy = incoming + FolderPaths.CopySuffix;
        try
        {
            if (content.Manifest.Length == 0)
            {
                File.WriteAllBytes(incoming, []);
                return incoming;
            }

            while (true)
            {
                ContentFile? file;
                lock (content.Gate)
                {
                    if (content.HasIncoming)
                    {
                        return incoming;
                    }

                    file = content.Files.Count > 0 ? content.Files[0] : null;
                }

                if (file is null)
                {
                    NoteLost(content.Id);
                    return null;
                }

                if (TryCopy(file, copy))
                {
                    return copy;
                }

                contents.Lose(content, file, isFinal: false);
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(incoming, e);
        }
    }

    private void NoteLost(ContentId content)
    {
        lock (_gate)
        {
            _lost.Add(content);
        }
    }

    // Length and time are compared behind the copy too: the file may change meanwhile.
    private bool TryCopy(ContentFile file, string target)
    {
        if (!paths.Look(file.Name).Stamp.HasSameBytesAs(file.Stamp))
        {
            return false;
        }

        try
        {
            NewFile.Copy(paths.Of(file.Name), target);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        return paths.Look(file.Name).Stamp.HasSameBytesAs(file.Stamp);
    }
}
