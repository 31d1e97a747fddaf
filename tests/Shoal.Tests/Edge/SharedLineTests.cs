using Shoal.Core.Edge;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Edge;

public sealed class SharedLineTests
{
    [Fact]
    public void Files_in_flight_share_a_connection_equally()
    {
        // 1 Mbit/s: 1 kb in 1 ms. Two share from 10 ms on, until the shorter has had its 20 kb.
        var line = new SharedLine(1_000, 1_000);
        line.Start(0, 60, tag: 1);
        Assert.Equal(60_000_000, line.NextEnd);
        line.Start(10_000_000, 20, tag: 2);
        Assert.Equal(50_000_000, line.NextEnd);
        Assert.Equal(2, line.TakeEnded());
        Assert.Equal((80_000_000L, 1), (line.NextEnd, line.Count));
        Assert.Equal(1, line.TakeEnded());
        Assert.Equal(long.MaxValue, line.NextEnd);
    }

    [Fact]
    public void Ends_are_those_of_a_plain_sharing_to_a_few_nanoseconds()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var random = new DeterministicRandom(seed);
            long rate = 1 + random.Next(10_000);
            int count = 1 + random.Next(40);
            long[] starts = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(1_000_000_000)).Order()];
            int[] sizes = [.. Enumerable.Range(0, count).Select(_ => 1 + random.Next(500))];
            var line = new SharedLine(rate, sizes.Sum());
            long[] ends = new long[count];
            for (int next = 0; next < count || line.Count > 0;)
            {
                if (next < count && starts[next] <= line.NextEnd)
                {
                    line.Start(starts[next], sizes[next], next);
                    next++;
                }
                else
                {
                    long end = line.NextEnd;
                    ends[line.TakeEnded()] = end;
                }
            }

            double[] plain = PlainEnds(starts, sizes, rate);
            Assert.All(
                Enumerable.Range(0, count),
                i => Assert.True(Math.Abs(plain[i] - ends[i]) < 100, $"random seed {seed}: {plain[i]}, {ends[i]}"));
        }
    }

    [Fact]
    public void What_one_connection_carries_at_most_can_be_carried()
    {
        var line = new SharedLine(EdgeShape.MostRate, EdgeDemand.MostWantedKb);
        line.Start(0, EdgeDemand.MostKb, 0);
        line.Start(0, EdgeDemand.MostKb, 1);
        Assert.Equal(2_000_000_000, line.NextEnd);
        var slow = new SharedLine(1, EdgeDemand.MostWantedKb);
        slow.Start(0, EdgeDemand.MostKb, 0);
        Assert.Equal(EdgeDemand.MostKb * 1_000_000_000L, slow.NextEnd);
    }

    private static double[] PlainEnds(long[] starts, int[] sizes, long rate)
    {
        double[] left = [.. sizes.Select(size => size * 1e9 / rate)];
        double[] ends = new double[sizes.Length];
        double now = 0;
        while (left.Any(rest => rest > 0))
        {
            int[] active = [.. Enumerable.Range(0, sizes.Length).Where(i => starts[i] <= now && left[i] > 0)];
            double arrival = starts.Where(start => start > now).Select(start => (double)start)
                .DefaultIfEmpty(double.MaxValue).Min();
            double end = active.Length == 0 ? double.MaxValue : now + (active.Min(i => left[i]) * active.Length);
            double next = Math.Min(arrival, end);
            foreach (int i in active)
            {
                left[i] -= (next - now) / active.Length;
                if (left[i] < 1e-3)
                {
                    (left[i], ends[i]) = (0, next);
                }
            }

            now = next;
        }

        return ends;
    }
}
