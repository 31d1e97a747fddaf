namespace Shoal.Cli.Hub;

/// <summary>
/// The doors of a hub, each with its host: opened one after the other, served together, closed in the opposite order.
/// When one fails, all are closed.
/// </summary>
internal sealed class HubDoors : IAsyncDisposable
{
    private readonly List<OpenDoor> _doors = [];

    /// <summary>Takes over a door that is open; what it stands on was added before it.</summary>
    /// <param name="host">Disposed of at the end.</param>
    /// <param name="serve">Serves until it is told to stop.</param>
    public void Add(IAsyncDisposable host, Func<CancellationToken, Task> serve) =>
        _doors.Add(new OpenDoor(host, serve));

    /// <summary>Takes over what doors stand on, such as a store.</summary>
    public void Add(IAsyncDisposable ground) => _doors.Add(new OpenDoor(ground, null));

    /// <summary>Serves until it is told to stop, or a door fails.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Task[] serving = [.. _doors.Select(door => door.Begin())];
        Task stopped = Task.Delay(Timeout.Infinite, cancellation);
        await Task.WhenAny([stopped, .. serving.Where(task => !task.IsCompletedSuccessfully)]);
        for (int i = _doors.Count - 1; i >= 0; i--)
        {
            await _doors[i].EndAsync();
        }

        await Task.WhenAll(serving);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (int i = _doors.Count - 1; i >= 0; i--)
        {
            await _doors[i].DisposeAsync();
        }
    }

    private sealed class OpenDoor(IAsyncDisposable host, Func<CancellationToken, Task>? serve) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _serving = Task.CompletedTask;

        public Task Begin() => _serving = serve?.Invoke(_stop.Token) ?? Task.CompletedTask;

        // How it ended is seen by whoever began it.
        public async Task EndAsync()
        {
            await _stop.CancelAsync();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            _stop.Dispose();
        }
    }
}
