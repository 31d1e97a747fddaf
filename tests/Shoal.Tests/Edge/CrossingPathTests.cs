using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Edge;

/// <summary>Orders in the large, against all paths of tiny lists.</summary>
public sealed class CrossingPathTests
{
    // So fast that nothing is ever late.
    private static readonly EdgeShape _fastEdges = new() { OriginToEdge = EdgeShape.MostRate };

    [Fact]
    public void A_place_costs_what_crosses_there()
    {
        var random = new DeterministicRandom(1);
        for (int run = 0; run < 300; run++)
        {
            EdgeDemand demand = Some(random, clients: 2 + random.Next(2));
            var grid = new CrossingGrid(_fastEdges, demand, 1);
            int[] at = [.. grid.Cells.Select(cells => random.Next(cells + 1))];
            long crossing = Enumerable.Range(0, demand.Files).Where(file => Crosses(demand, file, at))
                .Sum(file => (long)demand.Sizes[file]);

            // A file that three want counts as two halves, in whole kb.
            Assert.InRange(grid.CostAt(at, new int[at.Length]), crossing - (2 * demand.Files), crossing);
        }
    }

    [Fact]
    public void What_began_to_cross_long_ago_costs_nothing()
    {
        var random = new DeterministicRandom(2);
        for (int run = 0; run < 300; run++)
        {
            EdgeDemand demand = Some(random, clients: 2);
            var grid = new CrossingGrid(_fastEdges, demand, 1);
            int[] at = [.. grid.Cells.Select(cells => random.Next(cells + 1))];
            int[] since = [.. at.Select(cells => random.Next(cells + 1))];
            long crossing = Enumerable.Range(0, demand.Files)
                .Where(file => Crosses(demand, file, at) && StartedAfter(demand, file, since))
                .Sum(file => (long)demand.Sizes[file]);
            Assert.Equal(crossing, grid.CostAt(at, since));
        }
    }

    [Fact]
    public void A_direct_connection_that_would_idle_costs_ten_times_what_it_could_have_carried()
    {
        // Edges carry 4 kb while a direct connection carries 1.
        EdgeDemand demand = Demands.Of([80, 4], [80, 9]);
        var grid = new CrossingGrid(new EdgeShape(), demand, 1);
        Assert.Equal(80 + (10 * (20 + 20)), grid.CostAt([1, 0], [0, 0]));
        Assert.Equal(80 + (10 * (16 + 20)), grid.CostAt([2, 0], [0, 0]));
        Assert.Equal(10 * (16 + 20), grid.CostAt([2, 1], [0, 0]));
    }

    [Fact]
    public void A_walk_with_all_in_reach_is_the_cheapest_of_all_paths()
    {
        var random = new DeterministicRandom(3);
        for (int run = 0; run < 60; run++)
        {
            int clients = 2 + random.Next(3);
            EdgeDemand demand = Some(random, clients, longest: 7 - clients);
            var grid = new CrossingGrid(new EdgeShape(), demand, 1 + random.Next(2));
            int[] middle = Shuffled(random, grid);
            int[] path = new CorridorWalk(grid, middle, reach: 6).Walk(middle.Length, CancellationToken.None);
            Assert.Equal(middle.Order(), path.Order());
            Assert.Equal(Cheapest(grid, new int[grid.Cells.Length]), CostOf(grid, path));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_walk_stays_within_its_reach(int reach)
    {
        var random = new DeterministicRandom(4);
        EdgeDemand demand = EdgeDemand.Of(EdgeDemand.Draw(5, 60, 3, 40));
        var grid = new CrossingGrid(new EdgeShape(), demand, 1);
        int[] middle = Shuffled(random, grid);
        int[] path = new CorridorWalk(grid, middle, reach).Walk(middle.Length, CancellationToken.None);
        Assert.True(CostOf(grid, path) < CostOf(grid, middle));
        int[] ahead = new int[3];
        for (int step = 0; step < path.Length; step++)
        {
            ahead[path[step]]++;
            ahead[middle[step]]--;
            Assert.InRange(Math.Max(Math.Abs(ahead[0]), Math.Abs(ahead[1])), 0, reach);
        }
    }

    [Fact]
    public void A_search_finds_an_order_that_fetches_far_less_again_than_lists_in_step()
    {
        EdgeDemand demand = Demands.Reference(1);
        var counter = new CopyCounter(new EdgeShape(), demand, 370_000);
        int[] inStep = [.. Enumerable.Range(0, demand.Requests)
            .Select(request => (request - demand.StartOf(demand.ClientOf[request])) * KeyBend.KeyPerPlace)];
        var path = new CrossingPath(new EdgeShape(), demand, counter, inStep);
        int[] keys = path.Find(3_000_000, CancellationToken.None);
        Assert.InRange(counter.Count(keys), 1, counter.Count(inStep) * 85 / 100);
        for (int request = 1; request < demand.Requests; request++)
        {
            Assert.True(
                demand.ClientOf[request] != demand.ClientOf[request - 1] || keys[request] >= keys[request - 1]);
        }
    }

    [Fact]
    public void Where_it_may_look_at_nothing_the_order_stays()
    {
        EdgeDemand demand = Demands.Reference(1);
        var counter = new CopyCounter(new EdgeShape(), demand, 370_000);
        int[] keys = [.. Enumerable.Range(0, demand.Requests)];
        Assert.Equal(keys, new CrossingPath(new EdgeShape(), demand, counter, keys).Find(10, CancellationToken.None));
    }

    [Fact]
    public void With_lists_of_all_lengths_and_many_clients_a_search_ends_with_a_plan()
    {
        var random = new DeterministicRandom(6);
        for (int run = 0; run < 40; run++)
        {
            int clients = 2 + random.Next(11);
            var demand = EdgeDemand.Of(
            [
                .. Enumerable.Range(0, clients).Select(_ => EdgeDemand.Draw(random.Next(), 60, 1, random.Next(40))[0]),
            ]);
            var shape = new EdgeShape { CapacityKb = 150 };
            EdgeSetup setup = EdgePlanner.Plan(
                shape, demand, new EdgePlanOptions { Steps = 300 }, CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, demand.Requests), setup.Plan!.Order.Order());
        }
    }

    // Files of up to 900 kb, a few in every list.
    private static EdgeDemand Some(DeterministicRandom random, int clients, int longest = 5)
    {
        int[] sizes = [.. Enumerable.Range(0, 8).Select(_ => 1 + random.Next(900))];
        return EdgeDemand.Of(
            [.. Enumerable.Range(0, clients).Select(_ => Draw(random, longest))],
            [.. sizes]);
    }

    private static ImmutableArray<int> Draw(DeterministicRandom random, int longest) =>
        [.. EdgeDemand.Draw(random.Next(), 8, 1, 1 + random.Next(longest))[0].Select(number => number - 1)];

    private static bool Started(EdgeDemand demand, int request, int[] at) =>
        request - demand.StartOf(demand.ClientOf[request]) < at[demand.ClientOf[request]];

    private static bool Crosses(EdgeDemand demand, int file, int[] at)
    {
        int started = demand.WantsOf(file).ToArray().Count(request => Started(demand, request, at));
        return started > 0 && started < demand.WantsOf(file).Length;
    }

    private static bool StartedAfter(EdgeDemand demand, int file, int[] since) =>
        demand.WantsOf(file).ToArray().All(request => !Started(demand, request, since));

    private static int[] Shuffled(DeterministicRandom random, CrossingGrid grid)
    {
        int[] steps = [.. grid.Cells.SelectMany((cells, client) => Enumerable.Repeat(client, cells))];
        for (int i = steps.Length - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (steps[i], steps[other]) = (steps[other], steps[i]);
        }

        return steps;
    }

    private static long CostOf(CrossingGrid grid, int[] path)
    {
        int[] at = new int[grid.Cells.Length];
        long cost = 0;
        foreach (int client in path)
        {
            at[client]++;
            cost += grid.CostAt(at, new int[at.Length]);
        }

        return cost;
    }

    private static long Cheapest(CrossingGrid grid, int[] at)
    {
        long least = long.MaxValue;
        for (int client = 0; client < at.Length; client++)
        {
            if (at[client] < grid.Cells[client])
            {
                at[client]++;
                least = Math.Min(least, grid.CostAt(at, new int[at.Length]) + Cheapest(grid, at));
                at[client]--;
            }
        }

        return least == long.MaxValue ? 0 : least;
    }
}
