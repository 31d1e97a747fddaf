namespace Shoal.Hosts.Common;

/// <summary>How long to wait before the next attempt: doubling with jitter, up to a limit.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    /// <summary>How long whoever dials a hub or a peer waits first, and at most.</summary>
    public static readonly TimeSpan FirstDialPause = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc cref="FirstDialPause"/>
    public static readonly TimeSpan LongestDialPause = TimeSpan.FromSeconds(5);

    private double _next = first.TotalSeconds;

    /// <summary>The pauses of whoever dials a hub or a peer.</summary>
    public static Backoff OfDialling() => new(FirstDialPause, LongestDialPause);

    /// <summary>Begins anew: the last attempt worked.</summary>
    public void Reset() => _next = first.TotalSeconds;

    /// <summary>The next wait: between half and all of what is due, so that many do not come at once.</summary>
    public TimeSpan Next()
    {
        double due = _next;
        _next = Math.Min(_next * 2, longest.TotalSeconds);
        return TimeSpan.FromSeconds(due * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
