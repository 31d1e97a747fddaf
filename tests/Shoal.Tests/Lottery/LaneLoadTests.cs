using Shoal.Storage.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Which lane to the database a batch takes.</summary>
public sealed class LaneLoadTests
{
    private static readonly LaneLoad s_idle = new(0, IsFar: false);

    [Fact]
    public void Works_share_the_first_lane_of_a_database_that_is_near() =>
        Assert.Equal(0, LaneLoad.Choose([new(LaneLoad.MostShared - 1, IsFar: false), s_idle]));

    [Fact]
    public void A_full_lane_leaves_the_next_work_to_the_next_lane() =>
        Assert.Equal(1, LaneLoad.Choose([new(LaneLoad.MostShared, IsFar: false), new(3, IsFar: false), s_idle]));

    [Fact]
    public void Where_rounds_wait_each_work_takes_a_lane_of_its_own() =>
        Assert.Equal(2, LaneLoad.Choose([new(1, IsFar: true), new(2, IsFar: true), new(0, IsFar: true)]));

    [Fact]
    public void When_all_have_enough_the_least_loaded_takes_it() =>
        Assert.Equal(1, LaneLoad.Choose([new(20, IsFar: false), new(9, IsFar: true), new(10, IsFar: false)]));

    [Theory]
    [InlineData(1.9, 1, false)]
    [InlineData(5, 1, true)]
    [InlineData(5, 8, false)]
    [InlineData(20, 8, true)]
    public void A_round_is_far_that_takes_longer_than_its_works(double milliseconds, int works, bool isFar) =>
        Assert.Equal(isFar, LaneLoad.IsFarFor(TimeSpan.FromMilliseconds(milliseconds), works));
}
