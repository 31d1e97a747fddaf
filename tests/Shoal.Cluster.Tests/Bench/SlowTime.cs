namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A clock of which each second takes <see cref="Factor"/> on the wall: what is given up after a second is given up so
/// much later, and a machine that is busy meanwhile does not change what happens.
/// </summary>
internal sealed class SlowTime : TimeProvider
{
    public const int Factor = 20;

    public override long TimestampFrequency => System.TimestampFrequency * Factor;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SlowTimer(System.CreateTimer(callback, state, Slow(dueTime), Slow(period)));

    private static TimeSpan Slow(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time * Factor;

    private sealed class SlowTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Slow(dueTime), Slow(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
