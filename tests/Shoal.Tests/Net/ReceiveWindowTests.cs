using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class ReceiveWindowTests
{
    private const double Queue = 0.020;

    /// <summary>A link as a fluid: what is under way beyond its rate times its round trip waits in a queue.</summary>
    [Theory]
    [InlineData(12_500_000, 0.0002)]
    [InlineData(4_000_000, 0.0002)]
    [InlineData(125_000_000, 0.0001)]
    [InlineData(1_250_000_000, 0.0001)]
    [InlineData(1_250_000, 0.050)]
    [InlineData(12_500_000, 0.100)]
    [InlineData(2_500_000, 0.300)]
    public void A_window_grows_until_it_fills_the_link_and_no_further(double bytesPerSecond, double roundTrip)
    {
        int window = ReceiveWindow.Least;
        for (int step = 0; step < 40; step++)
        {
            window = Next(window, bytesPerSecond, roundTrip);
        }

        double waits = (window / bytesPerSecond) - roundTrip;
        Assert.True(waits > 0, "The link is not full.");
        Assert.True(
            waits <= Math.Max(roundTrip + Queue + 0.001, (ReceiveWindow.Least / bytesPerSecond) - roundTrip),
            $"{1000 * waits:0.0} ms wait.");
    }

    [Fact]
    public void A_window_shrinks_with_its_link()
    {
        int window = 8_000_000;
        for (int step = 0; step < 40; step++)
        {
            window = Next(window, 4_000_000, 0.0002);
        }

        Assert.InRange(window, 79_000, 84_000);
    }

    [Fact]
    public void A_reader_that_is_late_gets_the_largest_window()
    {
        int window = ReceiveWindow.Least;
        for (int step = 0; step < 40; step++)
        {
            window = ReceiveWindow.Next(window, 1_000_000, window / 2, TimeSpan.Zero, stretch: 1);
        }

        Assert.Equal(ReceiveWindow.Most, window);
    }

    [Fact]
    public void A_window_changes_no_more_than_twofold_at_a_time()
    {
        var random = new Random(17);
        int window = ReceiveWindow.Least;
        for (int step = 0; step < 10_000; step++)
        {
            int next = ReceiveWindow.Next(
                window, random.NextDouble() * Math.Pow(10, random.Next(1, 11)), random.Next(window),
                TimeSpan.FromSeconds(random.NextDouble()), 1 + (random.NextDouble() * (WindowStretch.Most - 1)));
            Assert.InRange(next, ReceiveWindow.Least, ReceiveWindow.Most);
            Assert.InRange(next, window / 2, 2L * window);
            window = next;
        }
    }

    [Fact]
    public void A_stretched_window_is_no_smaller_however_low_the_rate()
    {
        int window = ReceiveWindow.Least;
        for (int step = 0; step < 10; step++)
        {
            window = ReceiveWindow.Next(window, 1_000, largestRead: 1500, TimeSpan.Zero, WindowStretch.Most);
        }

        Assert.Equal(WindowStretch.Most * ReceiveWindow.Least, window);
    }

    private static int Next(int window, double bytesPerSecond, double roundTrip)
    {
        double seconds = Math.Max(roundTrip, window / bytesPerSecond);
        return ReceiveWindow.Next(
            window, window / seconds, largestRead: 1500, TimeSpan.FromSeconds(roundTrip), stretch: 1);
    }
}
