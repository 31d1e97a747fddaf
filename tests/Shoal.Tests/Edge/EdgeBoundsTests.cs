using Shoal.Core.Edge;
using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Tests.Edge;

public sealed class EdgeBoundsTests
{
    private static readonly EdgeShape s_shape = new();

    [Theory]
    [InlineData(1, 2158.9, 2259.6)]
    [InlineData(2, 2174.3, 2281.9)]
    [InlineData(3, 2127.0, 2235.2)]
    [InlineData(6, 2158.0, 2280.8)]
    [InlineData(9, 2134.5, 2217.6)]
    public void The_reference_scenario_has_the_bounds_of_its_table(ulong randomSeed, double distinct, double cut)
    {
        // The table has cells of 4 positions; those of 20, which take a moment, lose a few seconds.
        EdgeBounds bounds = EdgeBounds.Of(s_shape, Demands.Reference(randomSeed), [], cell: 20);
        Assert.Equal(distinct, bounds.Distinct.Seconds, 0.051);
        Assert.InRange(bounds.Cut.Seconds, cut - 4.5, cut);
        Assert.Equal(bounds.Cut, bounds.OrderKept);
        Assert.Equal(bounds.Distinct, bounds.OrderFree);
    }

    [Fact]
    public void With_cells_of_one_position_the_crossing_is_the_least_over_all_paths()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            EdgeDemand demand = Demands.Tiny(new DeterministicRandom(seed));
            long exact = LeastCrossing(demand);
            Assert.True(CutBound.CrossingKb(demand, 1) == exact, $"random seed {seed}");
            Assert.True(CutBound.CrossingKb(demand, 2) <= exact, $"random seed {seed}, cells of 2");
            Assert.True(CutBound.CrossingKb(demand, 3) <= exact, $"random seed {seed}, cells of 3");
        }
    }

    [Fact]
    public void More_clients_than_the_grid_has_dimensions_cross_at_least_what_four_of_them_do()
    {
        EdgeDemand demand = Demands.Of([1, 2], [2, 1], [1, 2], [2, 1], [1, 2], [5]);
        Assert.InRange(CutBound.CrossingKb(demand, 1), 1, LeastCrossing(demand));
    }

    [Fact]
    public void Two_who_want_two_files_in_opposite_order_keep_both_waiting() =>
        Assert.Equal(80, CutBound.CrossingKb(Demands.Of([30, 50], [50, 30]), 1));

    [Fact]
    public void Two_in_step_need_to_keep_only_what_one_has_just_started() =>
        Assert.Equal(50, CutBound.CrossingKb(Demands.Of([30, 50], [30, 50]), 1));

    [Fact]
    public void Whatever_the_order_edges_serve_no_more_than_they_received()
    {
        // All want the same: 8 Mbit/s bring it once, then the edges alone could serve; 4 x 100 kb in all.
        EdgeDemand demand = Demands.Of([100], [100], [100], [100]);
        EdgeBounds bounds = EdgeBounds.Of(s_shape, demand, []);
        Assert.Equal(new VirtualTime(12_500_000), bounds.Distinct);
        Assert.Equal(new VirtualTime(14_285_715), bounds.Clients);
        Assert.Equal(new VirtualTime(20_000_000), bounds.Served);

        // Too large for an edge: all of it comes straight.
        Assert.Equal(
            new VirtualTime(100_000_000), EdgeBounds.Of(s_shape with { CapacityKb = 99 }, demand, []).Served);

        // Held before: nothing leaves the origin, and seven connections bring each client its file.
        EdgeBounds prefilled = EdgeBounds.Of(s_shape, demand, [true]);
        Assert.Equal((VirtualTime.Zero, bounds.Clients), (prefilled.Distinct, prefilled.Served));
    }

    [Fact]
    public void What_is_served_is_enough_at_the_first_moment_at_which_a_plain_sum_is()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var random = new DeterministicRandom(seed);
            EdgeDemand demand = Demands.Tiny(random);
            var shape = new EdgeShape
            {
                Edges = random.Next(3),
                CapacityKb = 1 + random.Next(12),
                OriginToClient = 1_000_000 * (1 + random.Next(4)),
                OriginToEdge = 1_000_000 * (1 + random.Next(4)),
                EdgeToClient = 1_000_000 * (1 + random.Next(4)),
            };
            VirtualTime served = EdgeBounds.Of(shape, demand, []).Served;
            Assert.True(IsEnough(shape, demand, served.Nanoseconds), $"random seed {seed}");
            Assert.False(IsEnough(shape, demand, served.Nanoseconds - 1), $"random seed {seed}: one less");
        }
    }

    [Fact]
    public void Without_edges_all_comes_straight()
    {
        EdgeBounds bounds = EdgeBounds.Of(s_shape with { Edges = 0 }, Demands.Of([1, 2], [4]), []);
        Assert.Equal(new VirtualTime(4_000_000), bounds.Clients);
        Assert.Equal(new VirtualTime(3_500_000), bounds.Distinct);
        Assert.Equal(bounds.Clients, bounds.OrderKept);
    }

    [Fact]
    public void Nothing_wanted_needs_no_time() =>
        Assert.Equal(VirtualTime.Zero, EdgeBounds.Of(s_shape, Demands.Of([], []), []).OrderKept);

    private static bool IsEnough(EdgeShape shape, EdgeDemand demand, long nanoseconds)
    {
        double received = nanoseconds * 1e-9 * shape.OriginToEdge * shape.Edges;
        double carried = nanoseconds * 1e-9 * shape.EdgeToClient * shape.Edges * demand.Clients;
        double served = 0;
        double wanted = 0;
        foreach (int file in Enumerable.Range(0, demand.Files).OrderByDescending(file => demand.WantsOf(file).Length))
        {
            int size = demand.Sizes[file];
            double taken = size <= shape.CapacityKb ? Math.Min(received, size) : 0;
            received -= taken;
            served += taken * demand.WantsOf(file).Length;
            wanted += (double)size * demand.WantsOf(file).Length;
        }

        double straight = nanoseconds * 1e-9 * shape.OriginToClient * demand.Clients;
        return straight + Math.Min(served, carried) >= wanted - 1e-7;
    }

    /// <summary>Walks every monotone path.</summary>
    private static long LeastCrossing(EdgeDemand demand)
    {
        var known = new Dictionary<string, long>();
        return From(new int[demand.Clients]);

        long From(int[] started)
        {
            string key = string.Join(',', started);
            if (known.TryGetValue(key, out long least))
            {
                return least;
            }

            least = long.MaxValue;
            for (int client = 0; client < started.Length; client++)
            {
                if (demand.StartOf(client) + started[client] < demand.StartOf(client + 1))
                {
                    started[client]++;
                    least = Math.Min(least, From(started));
                    started[client]--;
                }
            }

            long here = Crossing(demand, started);
            return known[key] = least == long.MaxValue ? here : Math.Max(here, least);
        }
    }

    private static long Crossing(EdgeDemand demand, int[] started)
    {
        long sum = 0;
        for (int file = 0; file < demand.Files; file++)
        {
            int[] wants = demand.WantsOf(file).ToArray();
            int done = wants.Count(request =>
                request - demand.StartOf(demand.ClientOf[request]) < started[demand.ClientOf[request]]);
            sum += done > 0 && done < wants.Length ? demand.Sizes[file] : 0;
        }

        return sum;
    }
}
