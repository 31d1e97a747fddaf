namespace Shoal.Hosts.Common;

/// <summary>Owns tasks: each is awaited, and the first that fails is told.</summary>
internal sealed class TaskScope(Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Starts a task that the scope owns from now on.</summary>
    public void Run(Func<Task> work)
    {
        Task task = GuardAsync(work);
        lock (_gate)
        {
            _running.RemoveWhere(done => done.IsCompleted);
            if (!task.IsCompleted)
            {
                _running.Add(task);
            }
        }
    }

    /// <summary>Waits until all tasks have ended, those included that start meanwhile.</summary>
    public async Task WhenAllEndedAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_gate)
            {
                _running.RemoveWhere(done => done.IsCompleted);
                running = [.. _running];
            }

            if (running.Length == 0)
            {
                return;
            }

            await Task.WhenAll(running);
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
    }
}
