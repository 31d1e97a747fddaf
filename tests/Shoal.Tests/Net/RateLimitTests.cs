using Shoal.Net.Frames;

namespace Shoal.Tests.Net;

public sealed class RateLimitTests
{
    private readonly TestTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TakersWaitForThoseBeforeThem()
    {
        var limit = new RateLimit(1000, _time);
        Task first = limit.TakeAsync(1000, Stop).AsTask();
        Task second = limit.TakeAsync(1000, Stop).AsTask();
        Task third = limit.TakeAsync(1, Stop).AsTask();

        Assert.True(first.IsCompleted);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(second.IsCompleted);
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(third.IsCompleted);
    }

    [Fact]
    public void TheRateIsKeptWhateverTheSizes()
    {
        var limit = new RateLimit(1_000_000, _time);
        var random = new Core.Randomness.DeterministicRandom(5);
        long taken = 0;
        TimeSpan passed = TimeSpan.Zero;
        while (passed < TimeSpan.FromSeconds(10))
        {
            int bytes = 1 + random.Next(100_000);
            Task taking = limit.TakeAsync(bytes, Stop).AsTask();
            while (!taking.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                passed += TimeSpan.FromMilliseconds(1);
            }

            taken += bytes;
        }

        Assert.InRange(taken / passed.TotalSeconds, 990_000, 1_020_000);
    }

    [Fact]
    public void TimeThatWasNotUsedIsNotSaved()
    {
        var limit = new RateLimit(1000, _time);
        _time.Advance(TimeSpan.FromHours(1));

        // What a burst of 50 ms allows, and no more.
        Assert.True(limit.TakeAsync(50, Stop).AsTask().IsCompleted);
        Assert.True(limit.TakeAsync(1, Stop).AsTask().IsCompleted);
        Assert.False(limit.TakeAsync(1, Stop).AsTask().IsCompleted);
    }

    [Fact]
    public void WhatIsBookedWithoutWaitingCountsToo()
    {
        var limit = new RateLimit(1000, _time);
        limit.Take(2000);
        Task waiting = limit.TakeAsync(1, Stop).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(waiting.IsCompleted);
    }
}
