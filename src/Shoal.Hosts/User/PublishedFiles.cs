using Shoal.Core.Members;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>
/// Which files others may have: what was published here, and what the directory lists of this user, who may have
/// published and withdrawn elsewhere. While the directory says nothing, what was known last holds.
/// </summary>
/// <param name="folder">Where they are.</param>
/// <param name="list">Asks the directory; null: it did not answer.</param>
/// <param name="time">The clock.</param>
internal sealed class PublishedFiles(
    OfferedFolder folder, Func<CancellationToken, ValueTask<IEnumerable<string>?>> list, TimeProvider time)
    : IDisposable
{
    // A stranger who asks for names at random cannot have the directory asked again and again.
    private static readonly TimeSpan s_pauseForUnknown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pauseForKnown = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Standing> _names = [];
    private readonly SemaphoreSlim _asking = new(1);
    private long _changes;
    private long? _askedAt;

    /// <summary>Whether others may have anything, as far as is known without asking.</summary>
    public bool HasAny
    {
        get
        {
            lock (_gate)
            {
                return _names.Values.Any(standing => standing.IsPublished);
            }
        }
    }

    /// <summary>Lets others have a file; false: they could before.</summary>
    public bool Add(PublicationName file)
    {
        lock (_gate)
        {
            bool wasPublished = IsPublished(file.Value);
            _names[file.Value] = new Standing(true, ++_changes);
            return !wasPublished;
        }
    }

    /// <summary>Others may not have it any more.</summary>
    public void Remove(PublicationName file)
    {
        lock (_gate)
        {
            _names[file.Value] = new Standing(false, ++_changes);
        }
    }

    /// <summary>Whether others may have what has this name, as far as is known without asking.</summary>
    public bool IsPublished(string file)
    {
        lock (_gate)
        {
            return _names.TryGetValue(file, out Standing standing) && standing.IsPublished;
        }
    }

    /// <summary>All that others may have, after a look at the directory.</summary>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(isPublished: false, cancellationToken);
        lock (_gate)
        {
            return [.. _names.Where(name => name.Value.IsPublished).Select(name => name.Key)];
        }
    }

    /// <summary>Opens a file for somebody; null: it is not published, or is not there.</summary>
    public async ValueTask<OfferedFile?> TryOpenAsync(PublicationName file, CancellationToken cancellationToken)
    {
        bool isPublished = IsPublished(file.Value);
        if (IsDue(isPublished))
        {
            await RefreshAsync(isPublished, cancellationToken);
            isPublished = IsPublished(file.Value);
        }

        return isPublished ? folder.TryOpen(file.Value) : null;
    }

    public void Dispose() => _asking.Dispose();

    private bool IsDue(bool isPublished)
    {
        lock (_gate)
        {
            return _askedAt is not { } before
                || time.GetElapsedTime(before) > (isPublished ? s_pauseForKnown : s_pauseForUnknown);
        }
    }

    private async ValueTask RefreshAsync(bool isPublished, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (!IsDue(isPublished))
            {
                return;
            }

            long begun;
            lock (_gate)
            {
                begun = _changes;
            }

            IEnumerable<string>? listed = await list(cancellationToken);
            lock (_gate)
            {
                Take(listed, begun);
                _askedAt = time.GetTimestamp();
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    // What was said here after the directory was asked is newer than its answer.
    private void Take(IEnumerable<string>? listed, long begun)
    {
        if (listed is null)
        {
            return;
        }

        foreach ((string name, Standing standing) in _names.ToArray())
        {
            if (standing.Change <= begun)
            {
                _names.Remove(name);
            }
        }

        foreach (string name in listed)
        {
            _names.TryAdd(name, new Standing(true, begun));
        }
    }

    private readonly record struct Standing(bool IsPublished, long Change);
}
