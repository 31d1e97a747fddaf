using Shoal.Simulation.Network;

namespace Shoal.Tests.Simulation;

/// <summary>The level to which flows fill a link, by hand.</summary>
public sealed class WaterLevelTests
{
    private const double Free = double.PositiveInfinity;

    [Theory]
    [InlineData(10, new[] { Free }, new[] { 1.0 }, 10)]
    [InlineData(10, new[] { Free, Free }, new[] { 1.0, 1 }, 5)]
    [InlineData(10, new[] { 2, Free }, new[] { 1.0, 1 }, 8)]
    [InlineData(10, new[] { 2.0, 3 }, new[] { 1.0, 1 }, Free)]
    [InlineData(10, new[] { 5.0, 5 }, new[] { 1.0, 1 }, 5)]
    [InlineData(7, new[] { 1, Free, Free }, new[] { 1.0, 2, 1 }, 2)]
    [InlineData(12, new[] { 1, 4, Free, Free }, new[] { 1.0, 1, 1, 1 }, 3.666666666666667)]
    [InlineData(0, new[] { 1, Free }, new[] { 1.0, 1 }, 0)]
    public void What_is_limited_elsewhere_leaves_the_rest_to_others(
        double capacity, double[] limits, double[] weights, double level) =>
        Assert.Equal(level, WaterLevel.Of(capacity, limits, weights), 12);
}
