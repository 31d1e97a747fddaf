using Microsoft.Extensions.Logging;
using Shoal.Hosts.Peer;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// How the run of an origin, an edge or a client ends: with its result, or by a fault. Safe for any task.
/// </summary>
internal sealed class TierEnd<TResult>(ILogger log)
{
    private readonly TaskCompletionSource<TResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Reached => _end.Task;

    public void Reach(TResult result) => _end.TrySetResult(result);

    /// <summary>Only what nobody foresaw is worth a stack in the log.</summary>
    public void Fail(Exception e)
    {
        if (_end.TrySetException(e) && e is not (FolderException or TierException))
        {
            log.Failed(e.ToString());
        }
    }
}
