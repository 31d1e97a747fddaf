using Microsoft.Extensions.Logging;
using Shoal.Storage;

namespace Shoal.Hosts.Common;

/// <summary>How the run of a host ends: with its result, or by a fault. Safe for any task.</summary>
internal sealed class HostEnd<TResult>(ILogger log)
{
    private readonly TaskCompletionSource<TResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Reached => _end.Task;

    public void Reach(TResult result) => _end.TrySetResult(result);

    /// <summary>Only what nobody foresaw is worth a stack in the log.</summary>
    public void Fail(Exception e)
    {
        if (_end.TrySetException(e) && e is not (FolderException or HostException))
        {
            log.Failed(e.ToString());
        }
    }
}
