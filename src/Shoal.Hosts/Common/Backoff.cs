namespace Shoal.Hosts.Common;

/// <summary>How long to wait before the next attempt: doubling with jitter, up to a limit.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private double _next = first.TotalSeconds;

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
