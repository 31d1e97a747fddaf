namespace Shoal.Core.Exchange;

/// <summary>
/// Measures an uplink: the best rate over about a second during which its queue was never empty. An idle uplink says
/// nothing of its capacity.
/// </summary>
internal sealed class UplinkMeter
{
    private const int Remembered = 2;

    // The first bytes of a busy time only fill the system's buffers.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // Chunks that end together, one on each connection, would make a sample of few chunks jump.
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(3);
    private const int FewestChunksPerConnection = 8;

    private readonly Queue<double> _samples = new();
    private TimeSpan? _windowStart;
    private bool _isWarm;
    private long _windowBytes;
    private int _windowChunks;

    /// <summary>The best of the last few samples, bytes per second; 0: not known yet.</summary>
    public double Rate { get; private set; }

    /// <summary>Something is queued from now on.</summary>
    public void Begin(TimeSpan now)
    {
        if (_windowStart is null)
        {
            _windowStart = now;
            _windowBytes = 0;
            _windowChunks = 0;
            _isWarm = false;
        }
    }

    /// <summary>Nothing is queued any more: what was measured since the last sample says nothing.</summary>
    public void Idle() => _windowStart = null;

    public void Add(long bytes)
    {
        _windowBytes += bytes;
        _windowChunks++;
    }

    /// <summary>Takes a sample if a window has passed.</summary>
    public void Tick(TimeSpan now, int connections)
    {
        if (_windowStart is not { } start)
        {
            return;
        }

        TimeSpan elapsed = now - start;
        bool isSmooth = _windowChunks >= FewestChunksPerConnection * connections || elapsed >= LongestWindow;
        if (_isWarm && elapsed >= Window && isSmooth && _windowBytes > 0)
        {
            Sample(_windowBytes / elapsed.TotalSeconds);
        }
        else if (_isWarm || elapsed < WarmUp)
        {
            return;
        }

        _isWarm = true;
        _windowStart = now;
        _windowBytes = 0;
        _windowChunks = 0;
    }

    private void Sample(double rate)
    {
        _samples.Enqueue(rate);
        if (_samples.Count > Remembered)
        {
            _samples.Dequeue();
        }

        Rate = _samples.Max();
    }
}
