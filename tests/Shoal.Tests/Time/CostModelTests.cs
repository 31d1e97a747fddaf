using Shoal.Core.Time;

namespace Shoal.Tests.Time;

public sealed class CostModelTests
{
    [Fact]
    public void Decimals_are_meant_exactly()
    {
        Assert.True(CostModel.TryParse("6:0.6, 7.1:0.000001,1e3:2E-1", out CostModel? costs, out _));

        Assert.Equal(
            [
                new LinkCost(new VirtualTime(6_000_000), new VirtualTime(600_000)),
                new LinkCost(new VirtualTime(7_100_000), new VirtualTime(1)),
                new LinkCost(new VirtualTime(1_000_000_000), new VirtualTime(200_000)),
            ],
            costs.Links);
        Assert.Equal("6:0.6,7.1:0.000001,1000:0.2", costs.ToString());
    }

    [Theory]
    [InlineData("", "'' is not a pair")]
    [InlineData("6", "'6' is not a pair")]
    [InlineData("6:0.6,", "'' is not a pair")]
    [InlineData("x:1", "'x' is not a number")]
    [InlineData("6:", "'' is not a number")]
    [InlineData("NaN:1", "'NaN' is not a number")]
    [InlineData("6:Infinity", "'Infinity' is not a number")]
    [InlineData("6:1:2", "'1:2' is not a number")]
    [InlineData("0:1", "0 ms is not positive")]
    [InlineData("6:0.0", "0.0 ms is not positive")]
    [InlineData("-6:1", "-6 ms is not positive")]
    [InlineData("3600001:1", "more than the 3600000 ms")]
    [InlineData("6:0.0000001", "finer than a nanosecond")]
    public void What_is_no_cost_is_refused_with_a_reason(string text, string expected)
    {
        Assert.False(CostModel.TryParse(text, out CostModel? costs, out string? reason));

        Assert.Null(costs);
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(3_600_000_000_001, 1)]
    public void A_model_of_costs_that_are_out_of_range_cannot_be_made(long chunk, long message) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => CostModel.Of([new LinkCost(new VirtualTime(chunk), new VirtualTime(message))]));
}
