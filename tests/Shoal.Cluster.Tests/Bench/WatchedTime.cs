namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// The system's time, but for waits of one length: when such a wait begins, something is done, and it is over soon.
/// </summary>
internal sealed class WatchedTime(TimeSpan watched, Action begins) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != watched)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        begins();
        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
