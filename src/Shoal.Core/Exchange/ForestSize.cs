namespace Shoal.Core.Exchange;

/// <summary>How many trees a swarm gets, and what each peer hands on in them.</summary>
internal sealed class ForestSize
{
    /// <summary>A peer has at most so many neighbours unless others would have to wait for that.</summary>
    public const int MostNeighbours = 16;

    private const int FewestTrees = 5;
    private const int MostTrees = 8;
    private const double Rounding = 1e-6;

    /// <summary>More neighbours for strong peers must save more than this part of the time.</summary>
    private const double WorthMoreNeighbours = 0.02;

    private ForestSize(PlanLoads loads, int treeCount, double[] shares, double seconds)
    {
        TreeCount = treeCount;
        Shares = shares;
        Loads = loads;
        UploadSeconds = seconds;
    }

    public int TreeCount { get; }

    /// <summary>
    /// Bytes by which each peer's part is told in the plan: in proportion to what it hands on.
    /// </summary>
    public double[] Shares { get; }

    /// <summary>The planned time with the way through the trees, in seconds.</summary>
    public double Seconds { get; private set; }

    private PlanLoads Loads { get; }

    private double UploadSeconds { get; }

    /// <summary>The number of trees that promises the least time.</summary>
    public static ForestSize Best(PlanLoads loads, double chunkBytes, double boundSeconds)
    {
        ForestSize? best = null;
        for (int trees = FewestTrees; trees <= MostTrees; trees++)
        {
            ForestSize size = Of(loads, trees, chunkBytes, boundSeconds);
            best = best is null || size.Seconds < best.Seconds * (1 - 1e-9) ? size : best;
        }

        return best!;
    }

    /// <summary>So many trees, as well as they can be fitted to the peers.</summary>
    public static ForestSize Of(PlanLoads loads, int trees, double chunkBytes, double boundSeconds)
    {
        ForestSize size = Fit(loads, trees);
        size.Seconds = Math.Max(size.UploadSeconds, boundSeconds) + size.Delay(chunkBytes);
        return size;
    }

    private static ForestSize Fit(PlanLoads loads, int trees)
    {
        ForestSize free = Fit(loads, trees, int.MaxValue);
        for (int most = MostNeighbours - trees; most < loads.Count; most *= 2)
        {
            ForestSize size = Fit(loads, trees, most);
            if (size.UploadSeconds <= free.UploadSeconds * (1 + WorthMoreNeighbours))
            {
                return size;
            }
        }

        return free;
    }

    /// <summary>
    /// Gives each peer a whole number of slots, a slot being to hand on all chunks of a tree once, so that
    /// all fit into the least time.
    /// </summary>
    private static ForestSize Fit(PlanLoads loads, int trees, int mostSlots)
    {
        double slotBytes = loads.Bytes / trees;
        int needed = trees * (loads.Count - 2);
        (double tooShort, double enough) = PlanLoads.Level(
            needed, seconds => Slots(seconds).Sum(count => (double)count));
        if (double.IsInfinity(enough))
        {
            return new ForestSize(loads, trees, new double[loads.Count], enough);
        }

        // At the last step of the time several peers get one more; only some of these are needed.
        int[] slots = Slots(tooShort);
        int[] more = Slots(enough);
        int missing = needed - slots.Sum();
        for (int i = 0; i < slots.Length && missing > 0; i++)
        {
            int taken = Math.Min(missing, more[i] - slots[i]);
            slots[i] += taken;
            missing -= taken;
        }

        double[] shares = [.. slots.Select(count => loads.Bytes * count / needed)];
        return new ForestSize(loads, trees, shares, Math.Max(enough, loads.OwnSeconds));

        int[] Slots(double seconds)
        {
            var counts = new int[loads.Count];
            for (int i = 0; i < counts.Length; i++)
            {
                double whole = (loads.Spare(i, seconds) / slotBytes) + Rounding;
                counts[i] = (int)Math.Min(Math.Min(mostSlots, needed), whole);
            }

            return counts;
        }
    }

    /// <summary>
    /// The time of a chunk from the root to the last leaf: at each level it is handed on as often as there
    /// are trees.
    /// </summary>
    private double Delay(double chunkBytes)
    {
        double speed = 0;
        for (int i = 0; i < Shares.Length; i++)
        {
            speed += Loads.Up[i] * Shares[i] / Loads.Bytes;
        }

        int depth = 0;
        for (double reached = 1, level = 1; reached < Loads.Count; depth++)
        {
            level *= TreeCount;
            reached += level;
        }

        return speed > 0 ? depth * TreeCount * chunkBytes / speed : double.PositiveInfinity;
    }
}
