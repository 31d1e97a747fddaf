namespace Shoal.Cli.Progress;

/// <summary>The rate of a growing count over the last seconds.</summary>
internal sealed class RateMeter
{
    /// <summary>Samples older than this do not count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private const int MostSamples = 64;

    private readonly Queue<(TimeSpan At, long Count)> _samples = [];
    private long _last;

    /// <summary>Units per second; 0 until there are two samples.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Tells the count at a moment; a smaller count than before starts anew.</summary>
    public void Add(TimeSpan at, long count)
    {
        if (count < _last)
        {
            Restart();
        }

        _samples.Enqueue((at, count));
        _last = count;
        while (_samples.Count > MostSamples || _samples.Peek().At < at - Window)
        {
            _samples.Dequeue();
        }

        (TimeSpan firstAt, long firstCount) = _samples.Peek();
        double seconds = (at - firstAt).TotalSeconds;
        PerSecond = seconds > 0 ? (count - firstCount) / seconds : 0;
    }

    /// <summary>Forgets what was counted.</summary>
    public void Restart()
    {
        _samples.Clear();
        _last = 0;
        PerSecond = 0;
    }

    /// <summary>How long so many units take at this rate; null: nothing moves, so nobody knows.</summary>
    public TimeSpan? TimeFor(long units) => units <= 0
        ? TimeSpan.Zero
        : PerSecond > 0 && units / PerSecond < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(units / PerSecond)
            : null;
}
