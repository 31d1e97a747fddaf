namespace Shoal.Hosts.Common;

/// <summary>Owns tasks, many thousands of them if need be: their end is awaited, and whichever fails is told.</summary>
internal sealed class TaskScope(Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _allEnded;
    private int _running;

    /// <summary>Starts a task that the scope owns from now on.</summary>
    public void Run(Func<Task> work)
    {
        lock (_gate)
        {
            _running++;
        }

        _ = GuardAsync(work);
    }

    /// <summary>Waits until all tasks have ended, those included that start meanwhile.</summary>
    public Task WhenAllEndedAsync()
    {
        lock (_gate)
        {
            if (_running == 0)
            {
                return Task.CompletedTask;
            }

            _allEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allEnded.Task;
        }
    }

    // The owner of all these tasks ends here; whatever they could not handle goes to whoever made the scope.
    private async Task GuardAsync(Func<Task> work)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Its owner stopped it.
        }
        catch (Exception e)
        {
            failed(e);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _allEnded?.SetResult();
                _allEnded = null;
            }
        }
    }
}
