using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Tests.Time;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_come_by_time_and_at_one_instant_in_the_order_of_adding()
    {
        var queue = new EventQueue<string>();
        queue.Add(new VirtualTime(5), "c");
        queue.Add(new VirtualTime(3), "a");
        queue.Add(new VirtualTime(5), "d");
        queue.Add(new VirtualTime(3), "b");

        var taken = new List<(long, string)>();
        while (queue.TryTake(out VirtualTime time, out string? item))
        {
            taken.Add((time.Nanoseconds, item));
        }

        Assert.Equal([(3, "a"), (3, "b"), (5, "c"), (5, "d")], taken);
        Assert.Equal(VirtualTime.Never, queue.NextTime);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_mix_of_adding_and_taking_gives_the_order_of_a_sorted_list(int randomSeed)
    {
        var random = new DeterministicRandom((ulong)randomSeed);
        var queue = new EventQueue<int>();
        var model = new SortedSet<(long Time, int Number)>();
        for (int number = 0; number < 5000; number++)
        {
            long time = random.Next(200);
            queue.Add(new VirtualTime(time), number);
            model.Add((time, number));
            while (random.Next(3) == 0 && model.Count > 0)
            {
                TakeFromBoth(queue, model);
            }
        }

        while (model.Count > 0)
        {
            TakeFromBoth(queue, model);
        }

        Assert.False(queue.TryTake(out _, out _));
    }

    [Fact]
    public void A_clock_never_runs_backwards()
    {
        var clock = new VirtualClock();
        clock.AdvanceTo(new VirtualTime(7));
        clock.AdvanceTo(new VirtualTime(7));

        Assert.Throws<ArgumentOutOfRangeException>(() => clock.AdvanceTo(new VirtualTime(6)));
        Assert.Equal(7, clock.Now.Nanoseconds);
    }

    private static void TakeFromBoth(EventQueue<int> queue, SortedSet<(long Time, int Number)> model)
    {
        (long Time, int Number) expected = model.Min;
        model.Remove(expected);
        Assert.Equal(expected.Time, queue.NextTime.Nanoseconds);
        Assert.True(queue.TryTake(out VirtualTime time, out int number));
        Assert.Equal(expected, (time.Nanoseconds, number));
        Assert.Equal(model.Count, queue.Count);
    }
}
