using System.Collections.Immutable;
using Shoal.Core.Edge;

namespace Shoal.Tests.Edge;

public sealed class EdgeDemandTests
{
    [Fact]
    public void Files_are_those_that_somebody_wants_and_requests_count_through_the_lists()
    {
        EdgeDemand demand = Demands.Of([7, 3], [], [3, 9, 7]);
        Assert.Equal((3, 3, 5, 19L), (demand.Clients, demand.Files, demand.Requests, demand.DistinctKb));
        Assert.Equal([7, 3, 9], demand.Numbers.ToArray());
        Assert.Equal([7, 3, 9], demand.Sizes.ToArray());
        Assert.Equal([0, 1, 1, 2, 0], demand.FileOf.ToArray());
        Assert.Equal([0, 0, 2, 2, 2], demand.ClientOf.ToArray());
        Assert.Equal([0, 4], demand.WantsOf(0).ToArray());
        Assert.Equal([3], demand.WantsOf(2).ToArray());
        Assert.Equal([10, 0, 19], Enumerable.Range(0, 3).Select(demand.KbOf));
    }

    [Fact]
    public void Another_order_is_the_same_demand()
    {
        EdgeDemand demand = Demands.Of([7, 3], [3, 9]).Reordered([1, 0, 2, 3]);
        Assert.Equal([1, 0, 1, 2], demand.FileOf.ToArray());
        Assert.Equal([0, 2], demand.WantsOf(1).ToArray());
    }

    [Fact]
    public void A_list_names_files_and_none_twice()
    {
        Assert.Throws<ArgumentException>(() => Demands.Of([1], [2, 2]));
        Assert.Throws<ArgumentException>(() => Demands.Of([0]));
        Assert.Throws<ArgumentException>(() => Demands.Of([EdgeDemand.MostKb + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EdgeDemand.Of([[.. Enumerable.Range(1, EdgeDemand.MostRequests + 1)]]));
    }

    [Fact]
    public void A_random_seed_draws_the_lists_of_the_reference_scenario()
    {
        ImmutableArray<ImmutableArray<int>> lists = EdgeDemand.Draw(1, files: 10_000, clients: 4, perClient: 1000);
        Assert.All(lists, list => Assert.Equal(1000, list.Distinct().Count(number => number is >= 1 and <= 10_000)));
        Assert.Equal(17_271, EdgeDemand.Of(lists).DistinctKb / 1000);
        Assert.Equal(lists[0], EdgeDemand.Draw(1, 10_000, 1, 1000)[0]);
        Assert.Equal([1, 2, 3], EdgeDemand.Draw(5, files: 3, clients: 1, perClient: 3)[0].Order());
    }
}
