namespace Shoal.Net.Frames;

/// <summary>
/// Notices that the other end is silent: somebody is reading all the time and not a byte comes. It looks now and then
/// instead of timing each read, and counts its looks, not the clock: after a pause of this machine the first look
/// proves nothing.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private const int LooksForALimit = 4;

    private readonly ConnectionCounters _counters;
    private readonly Func<bool> _isReading;
    private readonly Action _silent;
    private readonly ITimer _timer;
    private long _bytes;
    private int _looks;

    /// <param name="limit">How long the other end may say nothing.</param>
    /// <param name="time">The clock.</param>
    /// <param name="counters">Tell what comes.</param>
    /// <param name="isReading">Whether somebody waits for what comes.</param>
    /// <param name="silent">Is called, once or more, when nothing came for so long.</param>
    public SilenceWatch(
        TimeSpan limit, TimeProvider time, ConnectionCounters counters, Func<bool> isReading, Action silent)
    {
        _counters = counters;
        _isReading = isReading;
        _silent = silent;
        TimeSpan interval = limit / LooksForALimit;
        _timer = time.CreateTimer(_ => Look(), null, interval, interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long bytes = _counters.BytesReceived;
        _looks = _isReading() && bytes == _bytes ? _looks + 1 : 0;
        _bytes = bytes;
        if (_looks > LooksForALimit)
        {
            _silent();
        }
    }
}
