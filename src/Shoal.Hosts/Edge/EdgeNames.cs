using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;

namespace Shoal.Hosts.Edge;

/// <summary>A file of the catalogue, as it is asked for at an edge.</summary>
/// <param name="File">Its name and what else is known of it.</param>
/// <param name="Manifest">Its content.</param>
internal sealed record EdgeFile(SharedEntry.File File, Manifest Manifest);

/// <summary>
/// What is behind names of the catalogue: the origin is asked, once however many wait for the answer. For the loop
/// only.
/// </summary>
internal sealed class EdgeNames
{
    /// <summary>
    /// What is known of names is forgotten when it has more digests of chunks than this, 32 MiB of them.
    /// </summary>
    public const int MostDigests = 1 << 20;

    private readonly Dictionary<EntryName, EdgeFile> _known = [];
    private readonly Dictionary<EntryName, List<TaskCompletionSource<EdgeFile?>>> _asked = [];
    private TierLink? _origin;
    private long _digests;

    /// <summary>Whom to ask; null: nobody just now. Another origin may mean another thing by a name.</summary>
    public void Ask(TierLink? origin)
    {
        _origin = origin;
        if (origin is not null)
        {
            Clear();
            return;
        }

        foreach (TaskCompletionSource<EdgeFile?> waiter in _asked.Values.SelectMany(waiters => waiters))
        {
            waiter.TrySetException(Unreachable());
        }

        _asked.Clear();
    }

    /// <summary>Somebody asks for a name; null is the answer if the catalogue has none like it.</summary>
    public void Find(EntryName name, TaskCompletionSource<EdgeFile?> waiter)
    {
        if (_known.TryGetValue(name, out EdgeFile? known))
        {
            waiter.TrySetResult(known);
        }
        else if (_origin is null)
        {
            waiter.TrySetException(Unreachable());
        }
        else if (_asked.TryGetValue(name, out List<TaskCompletionSource<EdgeFile?>>? waiters))
        {
            waiters.Add(waiter);
        }
        else
        {
            _asked.Add(name, [waiter]);
            _origin.Send(new TierMessage.Want([name]));
        }
    }

    /// <summary>The origin says what is behind a name.</summary>
    public void Take(SharedEntry.File file, Manifest manifest)
    {
        if (_digests + manifest.ChunkCount > MostDigests)
        {
            Clear();
        }

        var found = new EdgeFile(file, manifest);
        if (_known.TryAdd(file.Name, found))
        {
            _digests += manifest.ChunkCount;
        }

        Answer(file.Name, found);
    }

    /// <summary>The origin has nothing behind names.</summary>
    public void Miss(ImmutableArray<EntryName> names)
    {
        foreach (EntryName name in names)
        {
            Answer(name, null);
        }
    }

    /// <summary>A content may not be what is behind its names any more.</summary>
    public void Doubt(ContentId content)
    {
        foreach (EdgeFile doubted in _known.Values.Where(known => known.Manifest.Id == content).ToArray())
        {
            _known.Remove(doubted.File.Name);
            _digests -= doubted.Manifest.ChunkCount;
        }
    }

    private void Answer(EntryName name, EdgeFile? found)
    {
        if (_asked.Remove(name, out List<TaskCompletionSource<EdgeFile?>>? waiters))
        {
            waiters.ForEach(waiter => waiter.TrySetResult(found));
        }
    }

    private void Clear()
    {
        _known.Clear();
        _digests = 0;
    }

    private static EdgeReadException Unreachable() => new("the origin cannot be reached just now");
}
