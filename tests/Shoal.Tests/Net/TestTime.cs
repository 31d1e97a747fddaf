using System.Threading.Channels;

namespace Shoal.Tests.Net;

/// <summary>
/// A clock for tests whose timers are made by several tasks; it moves only when a test moves it.
/// </summary>
internal sealed class TestTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private readonly Channel<bool> _made = Channel.CreateUnbounded<bool>();
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, () => callback(state)) { Due = _now + dueTime.Ticks };
            _timers.Add(timer);
            _made.Writer.TryWrite(true);
            return timer;
        }
    }

    /// <summary>Waits until a timer has been made, by whatever task.</summary>
    public async Task TimerMadeAsync(CancellationToken cancellationToken) =>
        await _made.Reader.ReadAsync(cancellationToken);

    public void Advance(TimeSpan span)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += span.Ticks;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            _timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    private sealed class Timer(TestTime time, Action fire) : ITimer
    {
        public required long Due { get; init; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
