namespace Shoal.Cluster.Tests.Bench;

/// <summary>What came on a connection, to be searched and waited for.</summary>
internal sealed class Heard<TMessage>(string owner)
    where TMessage : class
{
    private readonly Lock _gate = new();
    private readonly List<TMessage> _all = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<TMessage> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Whether nothing more will come.</summary>
    public bool IsOver { get; private set; }

    public void Add(TMessage message) => Change(() => _all.Add(message));

    public void End() => Change(() => IsOver = true);

    public Task<T> WaitForAsync<T>() where T : TMessage => WaitForAsync<T>(_ => true);

    /// <summary>The first message, past or to come, of this kind that fits.</summary>
    /// <exception cref="TimeoutException">None came in time, or the connection ended.</exception>
    public async Task<T> WaitForAsync<T>(Func<T, bool> fits) where T : TMessage
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_all.OfType<T>().FirstOrDefault(fits) is { } known)
                {
                    return known;
                }

                more = _more.Task;
                if (IsOver || TimeProvider.System.GetElapsedTime(began) > Limits.Wait)
                {
                    throw new TimeoutException(
                        $"{owner} heard no {typeof(T).Name}{(IsOver ? " to the end" : "")}: {string.Join(", ", _all)}");
                }
            }

            await Task.WhenAny(more, Task.Delay(Limits.Wait, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Waits until nothing more will come.</summary>
    public Task EndedAsync() => Limits.UntilAsync(() => IsOver, $"{owner} is cut off");

    private void Change(Action change)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            change();
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }
}
