namespace Shoal.Core.Edge;

/// <summary>
/// Plans without an order to keep: first all that goes straight, then what is shared, in one order for all, so that
/// hardly anything has to be kept; then what only one wants, by the edges, large files first so that all ends together.
/// </summary>
internal static class FreeOrder
{
    private const int KeyOfShared = 500_000_000;
    private const int KeyOfRest = 1_000_000_000;

    // How much goes straight is tried from a little less than its share to a little more.
    private const int Tries = 9;
    private const int TriesBelow = 3;
    private const int TriesPerShare = 4000;

    public static EdgeSetup Plan(EdgeSetup setup, CancellationToken cancellation)
    {
        (EdgeShape shape, EdgeDemand demand) = (setup.Shape, setup.Demand);
        if (demand.Requests == 0)
        {
            // All have gone, or have all they wanted.
            return setup;
        }

        long before = 0;
        for (int file = 0; file < setup.Prefilled.Length; file++)
        {
            before += setup.Prefilled[file] >= 0 ? demand.Sizes[file] : 0;
        }

        long rate = shape.OriginRate(demand.Clients);
        long share = (long)((Int128)(demand.DistinctKb - before) * shape.OriginToClient / rate);
        EdgeSetup best = setup;
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long straight = share + (share * (attempt - TriesBelow) / TriesPerShare);
            EdgeSetup next = Try(setup, shape.Edges == 0 ? long.MaxValue : straight, cancellation, out long makespan);
            (best, least) = makespan < least ? (next, makespan) : (best, least);
        }

        return best;
    }

    private static EdgeSetup Try(
        EdgeSetup setup, long straightKb, CancellationToken cancellation, out long makespan)
    {
        EdgeDemand demand = setup.Demand;
        var order = new List<int>();
        var keys = new List<int>();
        long[] budgets = new long[demand.Clients];
        for (int client = 0; client < demand.Clients; client++)
        {
            int start = demand.StartOf(client);
            int[] mine = [.. Enumerable.Range(start, demand.StartOf(client + 1) - start)
                .OrderByDescending(request => demand.Sizes[demand.FileOf[request]]).ThenBy(request => request)];
            List<int> straight = [];
            List<int> rest = [];
            foreach (int request in mine.Where(request => IsSole(setup, request)))
            {
                long size = demand.Sizes[demand.FileOf[request]];
                bool isStraight = size > setup.Shape.LargestKb || budgets[client] + size <= straightKb;
                budgets[client] += isStraight ? size : 0;
                (isStraight ? straight : rest).Add(request);
            }

            int[] shared =
                [.. mine.Where(request => !IsSole(setup, request)).OrderBy(request => demand.FileOf[request])];
            order.AddRange([.. straight, .. shared, .. rest]);
            keys.AddRange(straight.Select((_, i) => i));
            keys.AddRange(shared.Select(request => KeyOfShared + demand.FileOf[request]));
            keys.AddRange(rest.Select(request => KeyOfRest - demand.Sizes[demand.FileOf[request]] + EdgeDemand.MostKb));
        }

        EdgeSetup reordered = setup with { Demand = demand.Reordered([.. order]) };
        var search = new OrderSearch(reordered, cancellation);
        PlayedOrder played = search.Try([.. keys], budgets);
        makespan = played.Makespan.Nanoseconds;
        return reordered with { Plan = search.ToPlan(played, setup.Limit) };
    }

    private static bool IsSole(EdgeSetup setup, int request)
    {
        int file = setup.Demand.FileOf[request];
        return setup.Demand.WantsOf(file).Length == 1 && (setup.Prefilled.IsEmpty || setup.Prefilled[file] < 0);
    }
}
