using System.Collections.Immutable;
using System.Threading.Channels;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// Lets names appear in the target folder, one after the other and in order, on a task of its own: a copy of a large
/// file must not keep the loop waiting.
/// </summary>
internal sealed class FolderQueue(SwarmFolder folder, Action<LocalEntry> appeared)
{
    // Bounded by what the tracker lets a swarm have: a content completes once, and shares come in frames.
    private readonly Channel<Func<ImmutableArray<LocalEntry>>> _work =
        Channel.CreateUnbounded<Func<ImmutableArray<LocalEntry>>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly List<LocalEntry> _appeared = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What appeared in the folder; to be read when <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<LocalEntry> Appeared => _appeared;

    public void Place(HubMessage.Share share) => _work.Writer.TryWrite(() => folder.Place(share));

    public void Complete(ContentId content) => _work.Writer.TryWrite(() => folder.Complete(content));

    /// <summary>A content is wanted no longer, and gets no name any more.</summary>
    public void Forget(ContentId content) => _work.Writer.TryWrite(() =>
    {
        folder.Forget(content);
        return [];
    });

    /// <summary>Waits until all that was queued before is done, or nothing more will be.</summary>
    public Task DrainAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isQueued = _work.Writer.TryWrite(() =>
        {
            done.SetResult();
            return [];
        });
        return isQueued ? Task.WhenAny(done.Task, _over.Task) : Task.CompletedTask;
    }

    /// <summary>Takes nothing more; what is queued is still done.</summary>
    public void Finish() => _work.Writer.TryComplete();

    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public async Task RunAsync()
    {
        try
        {
            await foreach (Func<ImmutableArray<LocalEntry>> work in _work.Reader.ReadAllAsync())
            {
                foreach (LocalEntry entry in work())
                {
                    _appeared.Add(entry);
                    appeared(entry);
                }
            }
        }
        finally
        {
            _work.Writer.TryComplete();
            _over.SetResult();
        }
    }
}
