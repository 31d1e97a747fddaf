using System.Threading.Channels;

namespace Shoal.Hosts.Common;

/// <summary>
/// Feeds one machine: a bounded queue and the one task that takes from it. Whatever happens elsewhere comes here as an
/// event, so that nothing a machine or its host keeps is touched by two tasks at a time.
/// </summary>
/// <typeparam name="TEvent">What the host calls an event.</typeparam>
internal sealed class HostLoop<TEvent>
{
    /// <summary>
    /// Events that wait at most; who brings one more waits, and with it the connection that it reads.
    /// </summary>
    public const int MostQueued = 4096;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly Channel<TEvent> _queue = Channel.CreateBounded<TEvent>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly TimeProvider _time;
    private readonly long _origin;

    /// <summary>A loop with nothing in its queue.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="origin">The timestamp from which the machine's time counts; null: now.</param>
    public HostLoop(TimeProvider time, long? origin = null)
    {
        _time = time;
        _origin = origin ?? time.GetTimestamp();
    }

    /// <summary>The machine's clock.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Queues an event; waits while the queue is full. False: the loop has stopped.</summary>
    public async ValueTask<bool> PostAsync(TEvent @event, CancellationToken cancellationToken)
    {
        while (!_queue.Writer.TryWrite(@event))
        {
            if (!await _queue.Writer.WaitToWriteAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Queues an event if there is room.</summary>
    public bool TryPost(TEvent @event) => _queue.Writer.TryWrite(@event);

    /// <summary>Takes no more events; those that are queued are still handled.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Handles events one after the other until <see cref="Complete"/>, with a tick in between.</summary>
    /// <param name="handle">Handles one.</param>
    /// <param name="tick">What tells that time has passed.</param>
    /// <param name="settle">
    /// Called when no event waits for the moment, and at the latest after <see cref="MostQueued"/> of them: what they
    /// brought about together can be done at once.
    /// </param>
    public async Task RunAsync(Func<TEvent, ValueTask> handle, TEvent tick, Func<ValueTask>? settle = null)
    {
        using var ticking = new CancellationTokenSource();
        Task ticks = TickAsync(tick, ticking.Token);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                for (int i = 0; i < MostQueued && _queue.Reader.TryRead(out TEvent? @event); i++)
                {
                    await handle(@event);
                }

                if (settle is not null)
                {
                    await settle();
                }
            }
        }
        finally
        {
            _queue.Writer.TryComplete();
            await ticking.CancelAsync();
            await ticks;
        }
    }

    private async Task TickAsync(TEvent tick, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TickInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                // A full queue is busy enough; the next tick serves as well.
                TryPost(tick);
            }
        }
        catch (OperationCanceledException)
        {
            // The loop has stopped.
        }
    }
}
