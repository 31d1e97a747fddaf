using Shoal.Core.Edge;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Edge;
using Shoal.Tests.Edge;

namespace Shoal.Tests.Simulation;

public sealed class EdgeScenarioTests
{
    [Fact]
    public void Whatever_the_policy_a_run_keeps_the_rules_and_does_not_beat_the_bound()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            EdgeScenario scenario = RandomScenario(new DeterministicRandom(seed));
            VirtualTime bound = BoundOf(scenario);
            foreach (EdgePolicy policy in Enum.GetValues<EdgePolicy>())
            {
                try
                {
                    EdgeRun run = (scenario with { Policy = policy }).Run(CancellationToken.None);
                    Assert.True(
                        run.Makespan.Nanoseconds >= bound.Nanoseconds - 100,
                        $"random seed {seed}, {policy}: {run.Makespan} beats {bound}");
                    Assert.Equal(scenario.Demand.Requests, run.Clients.Sum(client => client.Files));
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"random seed {seed}, {policy}", e);
                }
            }
        }
    }

    [Fact]
    public void Without_a_search_the_reference_scenario_is_planned_at_once_and_well()
    {
        EdgeDemand demand = Demands.Reference(1);
        EdgeRun run = new EdgeScenario
        {
            Shape = new EdgeShape(), Demand = demand, Options = new EdgePlanOptions { Steps = 0 },
        }.Run(CancellationToken.None);
        Assert.InRange(run.Makespan.Seconds, 2158.9, 1.08 * 2158.9);
        Assert.All(run.Edges, edge => Assert.InRange(edge.PeakKb, 1, 200_000));
    }

    [Fact]
    public void With_one_direct_transfer_at_a_time_clients_hardly_wait_for_edges()
    {
        EdgeDemand demand = Demands.Reference(1);
        EdgeRun run = new EdgeScenario
        {
            Shape = new EdgeShape(),
            Demand = demand,
            Options = new EdgePlanOptions { Steps = 0, Limit = DirectLimit.One },
        }.Run(CancellationToken.None);
        Assert.InRange(run.Makespan.Seconds, 2158.9, 1.08 * 2158.9);
    }

    [Fact]
    public void With_a_free_order_the_reference_scenario_takes_hardly_longer_than_its_distinct_files()
    {
        EdgeDemand demand = Demands.Reference(1);
        EdgeRun run = new EdgeScenario
        {
            Shape = new EdgeShape(), Demand = demand, Options = new EdgePlanOptions { Order = ListOrder.Free },
        }.Run(CancellationToken.None);
        Assert.InRange(run.Makespan.Seconds, 2158.9, 1.002 * 2158.9);
        Assert.Equal(demand.DistinctKb, run.OriginKb);
    }

    [Fact]
    public void The_same_number_of_steps_is_the_same_plan_and_more_are_no_worse()
    {
        EdgeDemand demand = EdgeDemand.Of(EdgeDemand.Draw(3, files: 500, clients: 4, perClient: 100));
        VirtualTime none = MakespanAfter(0);
        VirtualTime some = MakespanAfter(600);
        Assert.Equal(some, MakespanAfter(600));
        Assert.True(some < none, $"{some} after 600 steps, {none} without");

        VirtualTime MakespanAfter(int steps) => new EdgeScenario
        {
            Shape = new EdgeShape { CapacityKb = 2_000 },
            Demand = demand,
            Options = new EdgePlanOptions { Steps = steps },
        }.Run(CancellationToken.None).Makespan;
    }

    [Fact]
    public void Figures_are_those_of_the_trace()
    {
        // Both want the file: 100 kb at 2 Mbit/s to the edge, then at 3 Mbit/s to each on its own connection.
        EdgeRun run = new EdgeScenario { Shape = new EdgeShape(), Demand = Demands.Of([100], [100]) }
            .Run(CancellationToken.None);
        Assert.Equal(new VirtualTime(83_333_334), run.Makespan);
        Assert.Equal((100L, 100L, 200L), (run.OriginKb, run.Edges[0].ReceivedKb, run.Edges[0].SentKb));
        Assert.Equal((1, 1, 100L), (run.Edges[0].Hits, run.Edges[0].Misses, run.Edges[0].PeakKb));
        Assert.Equal(new VirtualTime(33_333_334), run.Clients[1].MeanFile);
        Assert.Equal(run.Makespan, run.Clients[1].Finish);
    }

    private static VirtualTime BoundOf(EdgeScenario scenario) => scenario.Options.Order == ListOrder.Free
        ? scenario.Bounds().OrderFree
        : scenario.Bounds().OrderKept;

    private static EdgeScenario RandomScenario(DeterministicRandom random)
    {
        EdgeDemand demand = random.Next(3) == 0
            ? EdgeDemand.Of(EdgeDemand.Draw(random.Next(), files: 40, clients: 1 + random.Next(5), perClient: 25))
            : Demands.Tiny(random);
        var shape = new EdgeShape
        {
            Edges = random.Next(4),
            CapacityKb = random.Next(60),
            OriginToClient = 1_000 * (1 + random.Next(4)),
            OriginToEdge = 1_000 * (1 + random.Next(4)),
            EdgeToClient = 1_000 * (1 + random.Next(4)),
        };
        return new EdgeScenario
        {
            Shape = shape,
            Demand = demand,
            Options = new EdgePlanOptions
            {
                Steps = random.Next(2) * 30,
                Order = (ListOrder)random.Next(2),
                Limit = (DirectLimit)random.Next(2),
                Prefilled = random.Next(3) == 0 ? EdgeSetup.SmallestFirst(shape, demand) : [],
            },
        };
    }
}
