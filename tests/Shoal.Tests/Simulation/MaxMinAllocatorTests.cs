using Shoal.Core.Randomness;
using Shoal.Simulation.Network;

namespace Shoal.Tests.Simulation;

public sealed class MaxMinAllocatorTests
{
    [Fact]
    public void A_flow_gets_what_its_narrowest_link_leaves_and_others_get_the_rest()
    {
        var allocator = new MaxMinAllocator();
        int wide = allocator.AddLink(10);
        int narrow = allocator.AddLink(2);
        int both = allocator.AddFlow([wide, narrow], 1);
        int one = allocator.AddFlow([wide], 1);
        allocator.Start(both);
        allocator.Start(one);

        Assert.Equal([both, one], allocator.Settle().Order());
        Assert.Equal(2, allocator.RateOf(both));
        Assert.Equal(8, allocator.RateOf(one));

        allocator.Stop(both);
        Assert.Equal([one], allocator.Settle());
        Assert.Equal(10, allocator.RateOf(one));
        Assert.Equal(0, allocator.RateOf(both));
    }

    [Fact]
    public void A_flow_gets_of_a_full_link_by_its_weight()
    {
        var allocator = new MaxMinAllocator();
        int link = allocator.AddLink(12);
        int light = allocator.AddFlow([link], 1);
        int heavy = allocator.AddFlow([link], 3);
        allocator.Start(light);
        allocator.Start(heavy);
        allocator.Settle();

        Assert.Equal((3, 9), (allocator.RateOf(light), allocator.RateOf(heavy)));
    }

    [Fact]
    public void A_flow_over_no_finite_link_is_not_limited()
    {
        var allocator = new MaxMinAllocator();
        int flow = allocator.AddFlow([allocator.AddLink(double.PositiveInfinity)], 1);
        allocator.Start(flow);
        allocator.Settle();

        Assert.Equal(double.PositiveInfinity, allocator.RateOf(flow));
    }

    [Fact]
    public void A_link_of_capacity_zero_stops_its_flows_and_frees_the_others()
    {
        var allocator = new MaxMinAllocator();
        int shared = allocator.AddLink(6);
        int side = allocator.AddLink(6);
        int a = allocator.AddFlow([shared, side], 1);
        int b = allocator.AddFlow([shared], 1);
        allocator.Start(a);
        allocator.Start(b);
        allocator.Settle();
        Assert.Equal((3, 3), (allocator.RateOf(a), allocator.RateOf(b)));

        allocator.SetCapacity(side, 0);
        allocator.Settle();

        Assert.Equal((0, 6), (allocator.RateOf(a), allocator.RateOf(b)));
    }

    [Theory]
    [MemberData(nameof(RandomSeeds))]
    public void After_any_change_the_rates_are_those_of_progressive_filling(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        var allocator = new MaxMinAllocator();
        var capacities = new List<double>();
        for (int i = random.Next(12) + 1; i >= 0; i--)
        {
            // Few different values, so that ties are common.
            capacities.Add(random.Next(10) == 0 ? double.PositiveInfinity : (random.Next(4) + 1) * 10.0);
            allocator.AddLink(capacities[^1]);
        }

        var active = new Dictionary<int, Flow>();
        for (int step = 0; step < 120; step++)
        {
            ChangeSomething(random, allocator, capacities, active);
            if (random.Next(3) > 0)
            {
                allocator.Settle();
                AssertFair(randomSeed, step, allocator, capacities, active);
            }
        }
    }

    [Fact]
    public void A_change_far_from_a_flow_costs_no_work_there()
    {
        var allocator = new MaxMinAllocator();
        var far = new List<int>();
        for (int i = 0; i < 1000; i++)
        {
            far.Add(allocator.AddFlow([allocator.AddLink(1), allocator.AddLink(2)], 1));
            allocator.Start(far[^1]);
        }

        int up = allocator.AddLink(4);
        int first = allocator.AddFlow([up, allocator.AddLink(5)], 1);
        int second = allocator.AddFlow([up, allocator.AddLink(5)], 1);
        allocator.Start(first);
        allocator.Settle();
        long before = allocator.Steps;

        allocator.Start(second);

        Assert.Equal([first, second], allocator.Settle().Order());
        Assert.InRange(allocator.Steps - before, 1, 6);
    }

    public static TheoryData<ulong> RandomSeeds() => [.. Enumerable.Range(1, 60).Select(i => (ulong)i)];

    private static void ChangeSomething(
        DeterministicRandom random, MaxMinAllocator allocator, List<double> capacities, Dictionary<int, Flow> active)
    {
        int what = random.Next(10);
        if (what < 5 && active.Count < 40)
        {
            int[] links = [.. Enumerable.Range(0, capacities.Count)];
            random.Shuffle<int>(links);
            int[] path = links[..Math.Min(links.Length, random.Next(MaxMinAllocator.MostLinks) + 1)];
            double weight = random.Next(3) + 1;
            int flow = allocator.AddFlow(path, weight);
            active.Add(flow, new Flow(path, weight));
            allocator.Start(flow);
        }
        else if (what < 9 && active.Count > 0)
        {
            int flow = active.Keys.Order().ElementAt(random.Next(active.Count));
            active.Remove(flow);
            allocator.Stop(flow);
            allocator.RemoveFlow(flow);
        }
        else
        {
            int link = random.Next(capacities.Count);
            capacities[link] = random.Next(8) * 7.5;
            allocator.SetCapacity(link, capacities[link]);
        }
    }

    private static void AssertFair(
        ulong randomSeed, int step, MaxMinAllocator allocator, List<double> capacities, Dictionary<int, Flow> active)
    {
        int[] flows = [.. active.Keys];
        double[] expected = ProgressiveFilling.Allocate(
            capacities, [.. flows.Select(flow => active[flow].Path)], [.. flows.Select(flow => active[flow].Weight)]);
        for (int i = 0; i < flows.Length; i++)
        {
            double rate = allocator.RateOf(flows[i]);
            Assert.True(
                rate == expected[i] || Math.Abs(rate - expected[i]) <= 1e-9 * Math.Max(1, expected[i]),
                $"random seed {randomSeed}, step {step}: flow {flows[i]} got {rate}, due are {expected[i]}");
        }
    }

    private readonly record struct Flow(int[] Path, double Weight);
}
