using Shoal.Core.Content;

namespace Shoal.Storage.Hashing;

/// <summary>
/// Hashes files on several threads: each takes the next chunk of the next file, so that one large file and
/// ten thousand small ones keep all of them busy, and the disk is read from front to back.
/// </summary>
internal sealed class ChunkHasher
{
    /// <summary>Progress is reported at most so often in a run, and at its end.</summary>
    private const int MostReports = 1000;

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<HashJob> _jobs;
    private readonly Action<HashJob> _done;
    private readonly IProgress<FolderProgress>? _progress;
    private readonly long _totalBytes;
    private int _job;
    private int _chunk;
    private long _doneBytes;
    private int _doneFiles;
    private long _nextReport;

    private ChunkHasher(
        IReadOnlyList<HashJob> jobs, Action<HashJob> done, IProgress<FolderProgress>? progress)
    {
        _jobs = jobs;
        _done = done;
        _progress = progress;
        foreach (HashJob job in jobs)
        {
            _totalBytes += job.WantedBytes;
        }
    }

    /// <summary>Hashes files; tells each when its result is known, one at a time.</summary>
    public static async Task RunAsync(
        IReadOnlyList<HashJob> jobs, int workers, Action<HashJob> done, IProgress<FolderProgress>? progress,
        CancellationToken cancellationToken)
    {
        var hasher = new ChunkHasher(jobs, done, progress);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Max(1, workers)).Select(
                _ => Task.Run(() => hasher.Work(cancellationToken), cancellationToken)));
        }
        finally
        {
            foreach (HashJob job in jobs)
            {
                job.Dispose();
            }
        }
    }

    private void Work(CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader();
        while (TryTake(out HashJob? job, out int chunk))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isLast = job.HashChunk(chunk, reader);
            Count(job, job.Layout.RangeOf(new ChunkIndex(chunk)).Length, isLast);
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HashJob? job, out int chunk)
    {
        lock (_gate)
        {
            for (; _job < _jobs.Count; _job++, _chunk = 0)
            {
                job = _jobs[_job];
                for (; _chunk < job.Layout.ChunkCount; _chunk++)
                {
                    if (job.Wants(_chunk))
                    {
                        chunk = _chunk++;
                        return true;
                    }
                }
            }

            job = null;
            chunk = 0;
            return false;
        }
    }

    private void Count(HashJob job, int bytes, bool isLast)
    {
        lock (_gate)
        {
            _doneBytes += bytes;
            if (isLast)
            {
                _doneFiles++;
                _done(job);
            }

            if (_doneBytes >= _nextReport || _doneFiles == _jobs.Count)
            {
                _nextReport = _doneBytes + (_totalBytes / MostReports);
                _progress?.Report(new FolderProgress(
                    _doneBytes, _totalBytes, _doneFiles, _jobs.Count, job.Name));
            }
        }
    }
}
