using System.Collections.Concurrent;
using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Hosts.Peer;

namespace Shoal.Hosts.Edge;

/// <summary>Under which names what a client wants appears in its folder.</summary>
internal sealed class FetchNames
{
    private readonly TierShell _shell;
    private readonly FetchWants _wants;
    private readonly FetchTalk _list;
    private readonly Func<TimeSpan?> _startedAt;
    private readonly ConcurrentDictionary<EntryName, EntryName> _local = [];

    /// <param name="shell">What it stands on.</param>
    /// <param name="wants">What is wanted.</param>
    /// <param name="list">The talk about the list.</param>
    /// <param name="startedAt">When the first file began to come; null: none has yet.</param>
    public FetchNames(TierShell shell, FetchWants wants, FetchTalk list, Func<TimeSpan?> startedAt)
    {
        _shell = shell;
        _wants = wants;
        _list = list;
        _startedAt = startedAt;
        Queue = new FolderQueue(shell.Folder, Appear);
    }

    /// <summary>Lets names appear, on a task of its own.</summary>
    public FolderQueue Queue { get; }

    /// <summary>The names here, by those at the origin.</summary>
    public IReadOnlyDictionary<EntryName, EntryName> Local => _local;

    /// <summary>The origin says what has the names that were asked for.</summary>
    public void Share(TierLink origin, ImmutableArray<SharedEntry> entries)
    {
        var known = ImmutableArray.CreateBuilder<SharedEntry>();
        foreach (SharedEntry.File file in entries.OfType<SharedEntry.File>())
        {
            if (_wants.Add(file) is not { } wanted)
            {
                continue;
            }

            known.Add(file);
            _shell.Folder.Prepare(wanted.Manifest);
            wanted.IsWhole = wanted.Manifest.ChunkCount == 0 || _shell.Folder.IsWhole(file.Content);
            _list.Note(file.Content);
        }

        Queue.Place(new HubMessage.Share(origin.Peer, "origin", 1, known.ToImmutable()));
    }

    private void Appear(LocalEntry entry)
    {
        _local[entry.Entry.Name] = entry.Local;
        TimeSpan now = _shell.Loop.Now;
        _shell.Log.FileHere(
            entry.Local.Value, entry.Entry.Name.Value, "origin", (now - (_startedAt() ?? now)).TotalMilliseconds);
    }
}
