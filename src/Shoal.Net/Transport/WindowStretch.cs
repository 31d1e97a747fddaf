namespace Shoal.Net.Transport;

/// <summary>
/// How many times the smallest one all receive windows of a peer may be at least, whatever their rates. Where the
/// peer's own uplink is full and much slower than its downlink, acknowledgements wait there, every round trip is long,
/// and windows that are to keep queues short would starve what comes. That is so where the round trips of all
/// connections are long at once: a queue elsewhere is on the way of only some. Then windows grow as long as more comes
/// by it. Any task may call it.
/// </summary>
internal sealed class WindowStretch(TimeProvider time)
{
    /// <summary>The largest.</summary>
    public const double Most = 8;

    /// <summary>How often it changes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // Twice what the windows let wait: what waits longer is not held up by what comes here.
    private static readonly TimeSpan OwnQueue = TimeSpan.FromMilliseconds(40);

    private const double Growth = 1.5;
    private const double Decline = 1.1;

    // A rate between these parts of the best one is all that the downlink takes.
    private const double Enough = 0.85;
    private const double More = 1.02;

    // The best rate so far, which is forgotten by half in half a minute: links change.
    private const double Memory = 0.995;

    private readonly Lock _gate = new();
    private double _value = 1;
    private double _best;
    private TimeSpan _queue = TimeSpan.MaxValue;
    private long _since;
    private long _bytes;

    /// <summary>The stretch now, from 1 to <see cref="Most"/>.</summary>
    public double Value
    {
        get
        {
            lock (_gate)
            {
                return _value;
            }
        }
    }

    /// <summary>So much longer than its shortest is the round trip of a connection that something comes by.</summary>
    public void Waited(TimeSpan queue)
    {
        lock (_gate)
        {
            _queue = queue < _queue ? queue : _queue;
        }
    }

    /// <summary>Bytes came, by whichever connection.</summary>
    public void Received(int bytes)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            TimeSpan elapsed = time.GetElapsedTime(_since, now);
            if (_since == 0 || elapsed > 3 * Interval)
            {
                // Little was asked for: that says nothing of the link.
                (_since, _bytes, _queue) = (now, bytes, TimeSpan.MaxValue);
                return;
            }

            _bytes += bytes;
            if (elapsed >= Interval)
            {
                double rate = _bytes / elapsed.TotalSeconds;
                _value = Next(_value, rate, _best, _queue);
                _best = Math.Max(_best * Memory, rate);
                (_since, _bytes, _queue) = (now, 0, TimeSpan.MaxValue);
            }
        }
    }

    /// <summary>The next stretch.</summary>
    /// <param name="stretch">The stretch now.</param>
    /// <param name="rate">The rate at which bytes came since the last time, by all connections together.</param>
    /// <param name="best">The best such rate before.</param>
    /// <param name="queue">The least of what the connections' round trips exceed their shortest by.</param>
    internal static double Next(double stretch, double rate, double best, TimeSpan queue)
    {
        bool isOwn = queue > OwnQueue && queue < TimeSpan.MaxValue;
        bool mayBring = rate < Enough * best || rate > More * best;
        return isOwn && mayBring ? Math.Min(Most, stretch * Growth) : Math.Max(1, stretch / Decline);
    }
}
