using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;

namespace Shoal.Hosts.Edge;

/// <summary>
/// Between an edge's loop and those who ask for files at its HTTP door: their tasks call what is safe for any task, the
/// loop all the rest.
/// </summary>
internal sealed class EdgeDesk(TierShell shell, TimeSpan stallLimit, Action<ContentId> lose)
{
    private readonly EdgeNames _names = new();
    private readonly EdgeChunks _chunks = new(shell, lose);
    private TierLink? _origin;

    /// <summary>The origin is here, or gone.</summary>
    public void Ask(TierLink? origin)
    {
        _origin = origin;
        _names.Ask(origin);
        _chunks.Ask(origin);
    }

    public void Share(SharedEntry.File file, Manifest manifest) => _names.Take(file, manifest);

    public void Miss(TierMessage.Unknown unknown) => _names.Miss(unknown.Names);

    public void Decline(PeerMessage.Decline declined)
    {
        foreach (ChunkRef chunk in declined.Chunks)
        {
            _names.Doubt(chunk.Content);
            _chunks.Declined(chunk.Content);
        }
    }

    public void Stored(ChunkRef chunk) => _chunks.Stored(chunk);

    public void Landed(TierHostEvent.Landed landed) => _chunks.Landed(landed.Chunk, landed.Bytes);

    /// <summary>The shelf holds a content no longer.</summary>
    public void GaveUp(ContentId content)
    {
        _names.Doubt(content);
        _chunks.GaveUp(content);
    }

    public void Tick() => _chunks.Tick();

    /// <summary>Looks a name up, for any task; null: the catalogue has none like it.</summary>
    /// <exception cref="EdgeReadException">The origin has to be asked, and cannot be.</exception>
    public async Task<EdgeFile?> FindAsync(EntryName name, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<EdgeFile?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(() => _names.Find(name, found), cancellationToken);
        return await WaitAsync(found.Task, cancellationToken);
    }

    /// <summary>Notes that somebody asks for a content, for any task, and says where it comes from.</summary>
    /// <exception cref="EdgeReadException">It is not here, and the origin cannot be reached.</exception>
    public async Task<EdgeStanding> TouchAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var standing = new TaskCompletionSource<EdgeStanding>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(() => Touch(manifest, standing), cancellationToken);
        return await standing.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Needs a chunk, for any task; it is to be awaited or abandoned.</summary>
    public TaskCompletionSource<EdgeChunk> Need(Manifest manifest, ChunkIndex index)
    {
        var waiter = new TaskCompletionSource<EdgeChunk>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => _chunks.Need(manifest, index, waiter));
        return waiter;
    }

    /// <summary>Waits for a chunk, for any task; who gets it gives it back.</summary>
    /// <exception cref="EdgeReadException">It does not come.</exception>
    public async Task<EdgeChunk> AwaitAsync(
        TaskCompletionSource<EdgeChunk> waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await WaitAsync(waiter.Task, cancellationToken);
        }
        catch (Exception) when (!waiter.Task.IsFaulted)
        {
            Abandon(waiter);
            throw;
        }
    }

    /// <summary>Does not wait for a chunk any longer, for any task.</summary>
    public void Abandon(TaskCompletionSource<EdgeChunk> waiter)
    {
        if (!waiter.TrySetCanceled() && waiter.Task.IsCompletedSuccessfully)
        {
            GiveBack(waiter.Task.Result);
        }
    }

    /// <summary>Gives a chunk back, for any task.</summary>
    public void GiveBack(EdgeChunk chunk) => Post(() => _chunks.GiveBack(chunk));

    // What is here whole is asked for at the origin too, which knows by that what is asked for; it sends nothing.
    private void Touch(Manifest manifest, TaskCompletionSource<EdgeStanding> standing)
    {
        bool isKnown = shell.Folder.ChunksOf(manifest.Id) is not null;
        if (manifest.ChunkCount == 0 || shell.Folder.IsWhole(manifest.Id))
        {
            standing.SetResult(EdgeStanding.Whole);
            _origin?.Send(new PeerMessage.Request([new ChunkRef(manifest.Id, new ChunkIndex(0))]));
        }
        else if (_origin is null)
        {
            standing.SetException(new EdgeReadException("it is not here, and the origin cannot be reached just now"));
        }
        else
        {
            standing.SetResult(isKnown ? EdgeStanding.Coming : EdgeStanding.Absent);
        }
    }

    private async Task<T> WaitAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(stallLimit, shell.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new EdgeReadException($"nothing of it came for {stallLimit.TotalSeconds:0.###} s");
        }
    }

    private void Post(Action work) => shell.Tasks.Run(() => PostAsync(work, CancellationToken.None).AsTask());

    private ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken) =>
        shell.Loop.PostAsync(TierHostEvent.Work.Of(work), cancellationToken);
}

/// <summary>How much of a content an edge has.</summary>
internal enum EdgeStanding
{
    /// <summary>All.</summary>
    Whole,

    /// <summary>A part; the rest is on its way.</summary>
    Coming,

    /// <summary>Nothing.</summary>
    Absent,
}
