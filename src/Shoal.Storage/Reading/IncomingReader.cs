using Shoal.Core.Content;
using Shoal.Storage.Files;
using Shoal.Storage.Hashing;
using Shoal.Storage.Records;

namespace Shoal.Storage.Reading;

/// <summary>
/// Finds out what an earlier run put together and did not complete: which chunks that the journal tells of are still
/// right.
/// </summary>
/// <param name="paths">The folder.</param>
/// <param name="notes">Gets what the user should know.</param>
internal sealed class IncomingReader(FolderPaths paths, List<FolderNote> notes)
{
    private readonly List<JournalContent> _contents = [];

    /// <summary>The contents, with their right chunks.</summary>
    public IReadOnlyList<JournalContent> Contents => _contents;

    /// <summary>Collects what is there: chunks behind the end of their file are gone.</summary>
    /// <param name="known">The contents that the journal knows.</param>
    /// <param name="isTrusted">Whether the journal's word is enough; else all must be hashed again.</param>
    /// <returns>What is to be hashed.</returns>
    public List<HashJob> Collect(IEnumerable<JournalContent> known, bool isTrusted)
    {
        var jobs = new List<HashJob>();
        foreach (JournalContent content in known)
        {
            string path = paths.IncomingOf(content.Manifest.Id);
            FileStatus status = FileProbe.Look(path);
            if (status.Kind != FileKind.File || content.Chunks.SetCount == 0)
            {
                continue;
            }

            for (int i = 0; i < content.Manifest.ChunkCount; i++)
            {
                if (content.Manifest.Layout.RangeOf(new ChunkIndex(i)).End > status.Stamp.Length)
                {
                    content.Chunks.Clear(i);
                }
            }

            _contents.Add(content);
            if (!isTrusted && content.Chunks.SetCount > 0)
            {
                jobs.Add(new HashJob(
                    path, content.Manifest.Id.Brief, content.Manifest.Layout, content.Chunks.Clone())
                {
                    Incoming = content,
                });
            }
        }

        return jobs;
    }

    /// <summary>Takes the result of a job of <see cref="Collect"/>: what is wrong is not there.</summary>
    public void Verify(HashJob job, JournalContent content)
    {
        int damaged = 0;
        for (int i = 0; i < content.Manifest.ChunkCount; i++)
        {
            if (content.Chunks[i]
                && (job.Result != HashResult.Done || job.DigestOf(i) != content.Manifest.Digests[i]))
            {
                content.Chunks.Clear(i);
                damaged++;
            }
        }

        if (damaged > 0)
        {
            notes.Add(new FolderNote(job.Name,
                $"The machine stopped before {damaged} chunks of this content were on the disk. They are "
                + "fetched again."));
        }
    }

    /// <summary>Takes a file that was complete and is damaged: it is one that is being put together again.</summary>
    /// <param name="manifest">What it should be.</param>
    /// <param name="right">Its right chunks.</param>
    public void TakeBack(Manifest manifest, Bitfield right)
    {
        _contents.RemoveAll(content => content.Manifest.Id == manifest.Id);
        _contents.Add(new JournalContent(manifest, right));
    }
}
