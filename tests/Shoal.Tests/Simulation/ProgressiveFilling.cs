namespace Shoal.Tests.Simulation;

/// <summary>
/// The slow obvious max-min fair allocation: raise all flows together, each by its weight; where a link is full, its
/// flows stop rising.
/// </summary>
internal static class ProgressiveFilling
{
    public static double[] Allocate(
        IReadOnlyList<double> capacities, IReadOnlyList<int[]> paths, IReadOnlyList<double> weights)
    {
        var rates = new double[paths.Count];
        Array.Fill(rates, double.PositiveInfinity);
        var rising = Enumerable.Range(0, paths.Count).ToHashSet();
        while (true)
        {
            int fullest = -1;
            double level = double.PositiveInfinity;
            for (int link = 0; link < capacities.Count; link++)
            {
                double risingHere = rising.Where(flow => paths[flow].Contains(link)).Sum(flow => weights[flow]);
                if (risingHere == 0)
                {
                    continue;
                }

                double taken = Enumerable.Range(0, paths.Count)
                    .Where(flow => !rising.Contains(flow) && paths[flow].Contains(link)).Sum(flow => rates[flow]);
                double share = (capacities[link] - taken) / risingHere;
                if (share < level)
                {
                    level = share;
                    fullest = link;
                }
            }

            if (fullest < 0)
            {
                return rates;
            }

            foreach (int flow in rising.Where(flow => paths[flow].Contains(fullest)).ToList())
            {
                rates[flow] = weights[flow] * Math.Max(0, level);
                rising.Remove(flow);
            }
        }
    }
}
