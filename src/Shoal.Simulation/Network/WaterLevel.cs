namespace Shoal.Simulation.Network;

/// <summary>
/// The level x to which flows can be filled that share a capacity, each limited elsewhere: the sum of weight times
/// min(limit, x) is the capacity.
/// </summary>
internal static class WaterLevel
{
    /// <summary>The level; infinite if all limits together fit.</summary>
    /// <param name="capacity">What is shared, finite, in bytes per second.</param>
    /// <param name="limits">What else limits each flow, as a level; at least one, may be infinite.</param>
    /// <param name="weights">How much each flow gets of a level; positive.</param>
    public static double Of(double capacity, ReadOnlySpan<double> limits, ReadOnlySpan<double> weights)
    {
        double all = 0;
        foreach (double weight in weights)
        {
            all += weight;
        }

        // Each round takes out the flows that are limited elsewhere below the level of the round before.
        double level = capacity / all;
        for (int below = 0; ;)
        {
            double sum = 0;
            double lowerWeights = 0;
            int lower = 0;
            for (int i = 0; i < limits.Length; i++)
            {
                if (limits[i] < level)
                {
                    sum += weights[i] * limits[i];
                    lowerWeights += weights[i];
                    lower++;
                }
            }

            if (lower == limits.Length)
            {
                return double.PositiveInfinity;
            }

            if (lower == below)
            {
                return level;
            }

            below = lower;
            level = Math.Max(level, (capacity - sum) / (all - lowerWeights));
        }
    }
}
