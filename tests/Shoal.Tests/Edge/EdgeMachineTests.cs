using Shoal.Core.Edge;

namespace Shoal.Tests.Edge;

/// <summary>What the machine says to do, fact by fact.</summary>
public sealed class EdgeMachineTests
{
    private readonly List<EdgeEffect> _effects = [];
    private EdgeDemand? _demand;

    [Fact]
    public void Directly_all_starts_at_once_and_the_end_is_told()
    {
        var machine = new EdgeMachine(Setup(EdgePolicy.Direct, [5, 3], [5]));
        Expect(machine, EdgeEvent.Began, "origin>c1:5 origin>c1:3 origin>c2:5");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(0, 1)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(1, 0)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(0, 0)), "complete");
    }

    [Fact]
    public void One_at_a_time_the_next_starts_when_one_has_ended()
    {
        var machine = new EdgeMachine(Setup(EdgePolicy.Direct, [5, 3]) with { Limit = DirectLimit.One });
        Expect(machine, EdgeEvent.Began, "origin>c1:5");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(0, 0)), "origin>c1:3");
    }

    [Fact]
    public void By_plan_an_edge_fills_what_two_want_once_and_makes_room_after_the_last()
    {
        var machine = new EdgeMachine(Planned([5, 3], [5, 4]));
        Expect(machine, EdgeEvent.Began, "origin>e1:5");
        Expect(
            machine, EdgeEvent.Ended(EdgeTransfer.Fill(0, 0)),
            "e1>c1:5 origin>c1:3 e1>c2:5 origin>c2:4");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Delivery(0, 0, 0)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Delivery(0, 1, 0)), "evict e1:5");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(0, 1)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(1, 2)), "complete");
    }

    [Fact]
    public void A_file_that_no_edge_can_hold_passes_the_edges_by()
    {
        EdgeSetup setup = Planned([5], [5]);
        var machine = new EdgeMachine(setup with { Shape = setup.Shape with { CapacityKb = 4 } });
        Expect(machine, EdgeEvent.Began, "origin>c1:5 origin>c2:5");
    }

    [Fact]
    public void What_is_to_stay_an_edge_leaves_to_the_one_that_has_more_to_spare()
    {
        // Both want file 5 before anybody wants file 4.
        EdgeSetup setup = Planned([5, 4], [5, 4]);
        var machine = new EdgeMachine(setup with
        {
            Shape = setup.Shape with { Edges = 2, Capacities = [10, 20] },
            Plan = setup.Plan! with { Order = [0, 2, 1, 3] },
        });
        Expect(machine, EdgeEvent.Began, "origin>e1:4 origin>e2:5");
    }

    [Fact]
    public void Without_a_plan_nothing_can_be_followed() =>
        Assert.Throws<ArgumentException>(() => new EdgeMachine(Setup(EdgePolicy.Planned, [1])));

    [Theory]
    [InlineData(ListOrder.Kept, DirectLimit.None)]
    [InlineData(ListOrder.Free, DirectLimit.None)]
    [InlineData(ListOrder.Kept, DirectLimit.One)]
    public void A_plan_for_nothing_is_complete_at_once(ListOrder order, DirectLimit limit)
    {
        foreach (EdgeDemand nothing in new[] { Demands.Of(), Demands.Of([], []) })
        {
            EdgeSetup setup = EdgePlanner.Plan(
                new EdgeShape(), nothing, new EdgePlanOptions { Order = order, Limit = limit },
                TestContext.Current.CancellationToken);
            _demand = setup.Demand;
            Expect(new EdgeMachine(setup), EdgeEvent.Began, "complete");
        }
    }

    [Fact]
    public void Odd_and_even_files_have_an_edge_each_which_fills_the_smallest_first()
    {
        int[] list = [9, 8, 7, 6, 5, 4, 3, 2];
        var machine = new EdgeMachine(Setup(EdgePolicy.OddEven, list));
        Expect(machine, EdgeEvent.Began, "origin>c1:9 origin>c1:8 origin>c1:7 origin>c1:6 origin>e1:3 origin>e2:2");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Fill(0, 6)), "origin>e1:5");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Direct(0, 0)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Fill(0, 4)), "e1>c1:5 origin>c1:4 e1>c1:3");
    }

    [Fact]
    public void A_cache_that_reacts_gives_up_what_was_used_least_recently()
    {
        EdgeSetup setup = Setup(EdgePolicy.Lru, [1, 2, 3, 4, 50, 60, 100]);
        var machine = new EdgeMachine(setup with { Shape = setup.Shape with { Edges = 1, CapacityKb = 120 } });
        Expect(machine, EdgeEvent.Began, "origin>c1:1 origin>c1:2 origin>c1:3 origin>c1:4 origin>e1:50");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Fill(0, 4)), "e1>c1:50 origin>e1:60");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Delivery(0, 0, 4)), "");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Fill(0, 5)), "e1>c1:60");
        Expect(machine, EdgeEvent.Ended(EdgeTransfer.Delivery(0, 0, 5)), "evict e1:50 evict e1:60 origin>e1:100");
    }

    [Fact]
    public void What_was_there_before_is_served_at_once()
    {
        var machine = new EdgeMachine(Setup(EdgePolicy.Direct, [5], [5]) with { Prefilled = [1] });
        Expect(machine, EdgeEvent.Began, "e2>c1:5 e2>c2:5");
    }

    private EdgeSetup Setup(EdgePolicy policy, params int[][] lists)
    {
        _demand = Demands.Of(lists);
        return new EdgeSetup { Shape = new EdgeShape(), Demand = _demand, Policy = policy };
    }

    private EdgeSetup Planned(params int[][] lists)
    {
        EdgeSetup setup = Setup(EdgePolicy.Planned, lists);
        int[] order = [.. Enumerable.Range(0, setup.Demand.Requests)];
        long[] budgets = [.. Enumerable.Repeat(1000L, lists.Length)];
        return setup with { Plan = new EdgePlan([.. order], [.. budgets], DirectLimit.None) };
    }

    private void Expect(EdgeMachine machine, EdgeEvent fact, string effects)
    {
        _effects.Clear();
        machine.Apply(fact, _effects);
        Assert.Equal(effects, string.Join(' ', _effects.Select(TextOf)));
    }

    private string TextOf(EdgeEffect effect) => effect.Kind switch
    {
        EdgeEffectKind.Complete => "complete",
        EdgeEffectKind.Evict => $"evict e{effect.Transfer.Edge + 1}:{_demand!.Numbers[effect.Transfer.File]}",
        _ => effect.Transfer.Kind switch
        {
            TransferKind.Direct => $"origin>c{effect.Transfer.Client + 1}:{_demand!.Numbers[effect.Transfer.File]}",
            TransferKind.Fill => $"origin>e{effect.Transfer.Edge + 1}:{_demand!.Numbers[effect.Transfer.File]}",
            _ => $"e{effect.Transfer.Edge + 1}>c{effect.Transfer.Client + 1}:{_demand!.Numbers[effect.Transfer.File]}",
        },
    };
}
