using Shoal.Core.Edge.Tier;

namespace Shoal.Tests.Edge;

/// <summary>What is asked for at an edge without a list has the room that lists leave.</summary>
public sealed class TierSparesTests
{
    private const int Edge = 1;

    [Fact]
    public void What_is_asked_for_is_filled_once_and_what_was_asked_for_longest_ago_makes_room()
    {
        TierWorld world = WithEdge(10);
        Assert.True(world.Ask(4, Edge));
        Assert.False(world.Ask(4, Edge));
        world.EndAll();
        Assert.True(world.Ask(5, Edge));
        world.EndAll();
        Assert.False(world.Ask(4, Edge));
        Assert.True(world.Ask(6, Edge));
        world.EndAll();
        Assert.True(world.Holds(Edge, 4) && world.Holds(Edge, 6));
        Assert.False(world.Holds(Edge, 5));
    }

    [Fact]
    public void What_finds_no_room_goes_past_and_nothing_is_given_up_for_it()
    {
        TierWorld world = WithEdge(10);
        Assert.True(world.Ask(4, Edge));
        Assert.False(world.Ask(7, Edge));
        Assert.False(world.Ask(11, Edge));
        world.EndAll();
        Assert.True(world.Ask(6, Edge));
        Assert.False(world.Ask(5, Edge));
        Assert.True(world.Holds(Edge, 4));
    }

    [Fact]
    public void A_list_that_needs_the_room_gets_it()
    {
        TierWorld world = WithEdge(10);
        world.Ask(4, Edge);
        world.EndAll();
        world.AddClient([1, 5]);
        world.Tick();
        Assert.True(world.Holds(Edge, 4));
        world.RunToEnd();
        world.AddClient([8, 9]);
        world.AddClient([9, 8]);
        world.Tick();
        Assert.False(world.Holds(Edge, 4));
        Assert.False(world.Ask(4, Edge));
        world.RunToEnd();
        Assert.True(world.IsComplete);
    }

    [Fact]
    public void What_was_asked_for_first_and_wanted_by_a_list_then_comes_from_the_edge()
    {
        TierWorld world = WithEdge(10);
        world.Ask(4, Edge);
        world.AddClient([4]);
        world.Tick();
        world.RunToEnd();
        Assert.Equal(2, world.Begun);
        Assert.True(world.IsComplete);
    }

    [Fact]
    public void A_file_that_failed_on_its_way_goes_past_the_next_time()
    {
        TierWorld world = WithEdge(10);
        world.Ask(4, Edge);
        world.FailOne(TierFault.Corrupt);
        Assert.False(world.Ask(4, Edge));
        world.Ask(5, Edge);
        world.FailOne(TierFault.Full);
        Assert.False(world.Ask(1, Edge));
    }

    [Fact]
    public void A_copy_that_is_lost_is_filled_again()
    {
        TierWorld world = WithEdge(10);
        world.Ask(4, Edge);
        world.EndAll();
        world.LoseCopy();
        Assert.False(world.Holds(Edge, 4));
        Assert.True(world.Ask(4, Edge));
    }

    [Fact]
    public void A_virtual_clock_is_disturbed_by_nobody_who_asks()
    {
        var world = new TierWorld(new TierOptions { Clock = TierClock.Virtual, Steps = 0 });
        world.AddEdge(10);
        Assert.False(world.Ask(4, Edge));
    }

    [Fact]
    public void What_changes_at_the_origin_is_given_up()
    {
        TierWorld world = WithEdge(10);
        world.Ask(4, Edge);
        world.EndAll();
        world.Ask(5, Edge);
        world.Tell(new TierEvent.Replaced(4, 0));
        world.Tell(new TierEvent.Replaced(5, 0));
        Assert.False(world.Holds(Edge, 4) || world.Holds(Edge, 5));
        Assert.True(world.Ask(10, Edge));
    }

    private static TierWorld WithEdge(long capacity)
    {
        var world = new TierWorld(new TierOptions { Steps = 0 });
        world.AddEdge(capacity);
        return world;
    }
}
