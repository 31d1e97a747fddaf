namespace Shoal.Net;

/// <summary>
/// A token that is cancelled by its parent or when a time has passed, and knows which of them it was.
/// </summary>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _outer;

    /// <summary>A deadline whose time begins now.</summary>
    /// <param name="limit">How long; <see cref="Timeout.InfiniteTimeSpan"/>: until <see cref="Restart"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="outer">The parent.</param>
    public Deadline(TimeSpan limit, TimeProvider time, CancellationToken outer)
    {
        _outer = outer;
        _timer = new CancellationTokenSource(Possible(limit), time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, outer);
    }

    /// <summary>Cancelled when the time has passed, or by the parent.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the time ran out, and the parent did not cancel.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>Begins anew, unless the time has passed.</summary>
    /// <param name="limit">How long from now; <see cref="Timeout.InfiniteTimeSpan"/>: until the next call.</param>
    public void Restart(TimeSpan limit) => _timer.CancelAfter(Possible(limit));

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }

    private static TimeSpan Possible(TimeSpan limit) =>
        limit > TimeSpan.Zero || limit == Timeout.InfiniteTimeSpan ? limit : TimeSpan.Zero;
}
