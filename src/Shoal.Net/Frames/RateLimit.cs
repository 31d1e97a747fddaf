namespace Shoal.Net.Frames;

/// <summary>
/// A token bucket that any number of connections share (the virtual scheduling form of ITU-T I.371's generic
/// cell rate algorithm): each taker books its bytes behind those of the others and waits for its turn, so
/// that all together keep to the rate and none is passed over.
/// </summary>
public sealed class RateLimit
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly long _started;

    // When the bytes booked so far will have gone at the rate, in ticks since the start.
    private long _bookedUntil;

    /// <summary>A limit.</summary>
    /// <param name="bytesPerSecond">The rate; positive.</param>
    /// <param name="time">The clock.</param>
    public RateLimit(double bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        BytesPerSecond = bytesPerSecond;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>The rate.</summary>
    public double BytesPerSecond { get; }

    /// <summary>
    /// How many bytes to take at once, so that the rate is smooth: what goes in 4 ms, at least 4 KiB.
    /// </summary>
    public int Portion => (int)Math.Clamp(BytesPerSecond / 250, 4096, 256 * 1024);

    /// <summary>Books bytes without waiting: those who come later wait the longer.</summary>
    public void Take(int bytes) => Book(bytes);

    /// <summary>Books bytes and waits until they may go.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait = Book(bytes);
        return wait <= TimeSpan.Zero
            ? ValueTask.CompletedTask
            : new(Task.Delay(wait, _time, cancellationToken));
    }

    private TimeSpan Book(int bytes)
    {
        long now = _time.GetElapsedTime(_started).Ticks;
        long needed = (long)(bytes / BytesPerSecond * TimeSpan.TicksPerSecond);
        while (true)
        {
            long booked = Volatile.Read(ref _bookedUntil);
            long start = Math.Max(booked, now - Burst.Ticks);
            if (Interlocked.CompareExchange(ref _bookedUntil, start + needed, booked) == booked)
            {
                return new TimeSpan(start - now);
            }
        }
    }
}
