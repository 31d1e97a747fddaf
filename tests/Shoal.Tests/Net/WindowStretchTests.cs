using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class WindowStretchTests
{
    private const double Link = 12_500_000;

    private static readonly TimeSpan LongQueue = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan ShortQueue = TimeSpan.FromMilliseconds(20);

    private readonly TestTime _time = new();

    /// <summary>Three connections, whose acknowledgements wait 60 ms in the peer's own uplink.</summary>
    [Fact]
    public void Windows_grow_until_what_comes_fills_the_downlink_although_the_uplink_is_full()
    {
        double stretch = 1;
        double best = 0;
        double rate = 0;
        for (int step = 0; step < 100; step++)
        {
            rate = Math.Min(Link, 3 * stretch * ReceiveWindow.Least / LongQueue.TotalSeconds);
            stretch = WindowStretch.Next(stretch, rate, best, LongQueue);
            best = Math.Max(best, rate);
            Assert.True(step < 10 || rate > 0.6 * Link, $"{rate} after step {step}");
        }

        Assert.InRange(stretch, 2, WindowStretch.Most);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000)]
    [InlineData(12_400_000)]
    [InlineData(20_000_000)]
    public void Where_a_connection_has_a_short_queue_windows_stay_small(double rate) =>
        Assert.Equal(1, WindowStretch.Next(1, rate, Link, ShortQueue));

    [Fact]
    public void Where_round_trips_are_not_known_windows_stay_small() =>
        Assert.Equal(1, WindowStretch.Next(1, 1, Link, TimeSpan.MaxValue));

    [Fact]
    public void It_goes_back_when_the_downlink_is_full()
    {
        double stretch = WindowStretch.Most;
        for (int step = 0; step < 30; step++)
        {
            stretch = WindowStretch.Next(stretch, 0.99 * Link, Link, LongQueue);
        }

        Assert.Equal(1, stretch);
    }

    [Fact]
    public void It_has_a_limit()
    {
        double stretch = 1;
        for (int step = 0; step < 100; step++)
        {
            stretch = WindowStretch.Next(stretch, 1, Link, LongQueue);
        }

        Assert.Equal(WindowStretch.Most, stretch);
    }

    [Fact]
    public void All_connections_count_and_the_shortest_queue_decides()
    {
        var stretch = new WindowStretch(_time);
        stretch.Received(1);
        Pass(stretch, LongQueue, LongQueue);
        Assert.Equal(1.5, stretch.Value);

        // More comes than ever, but by a connection whose round trip is short.
        Pass(stretch, LongQueue, LongQueue, ShortQueue);
        Assert.InRange(stretch.Value, 1, 1.4);

        // As much as before: the downlink is full.
        Pass(stretch, LongQueue, LongQueue, LongQueue);
        Assert.Equal(1.5 / 1.1 / 1.1, stretch.Value, 6);
    }

    [Fact]
    public void After_a_pause_it_begins_anew_to_measure()
    {
        var stretch = new WindowStretch(_time);
        stretch.Received(1);
        Pass(stretch, LongQueue);
        _time.Advance(4 * WindowStretch.Interval);
        stretch.Received(1);
        Assert.Equal(1.5, stretch.Value);
    }

    private void Pass(WindowStretch stretch, params TimeSpan[] queues)
    {
        _time.Advance(WindowStretch.Interval);
        foreach (TimeSpan queue in queues)
        {
            stretch.Waited(queue);
        }

        stretch.Received(queues.Length * 100_000);
    }
}
