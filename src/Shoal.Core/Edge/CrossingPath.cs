namespace Shoal.Core.Edge;

/// <summary>
/// An order of all starts in the large: the path through the grid of what each client has started on which the least
/// crosses, from coarse cells to fine ones, each time near the path before. What crosses for long is given up anyhow,
/// so it counts only for a while: a part of that after which an order in hand gives copies up. That is the room of all
/// edges at a price (Lagrangian relaxation) that is the same all the time.
/// </summary>
internal sealed class CrossingPath
{
    // Cells of the longest list, and how far to stray.
    private static readonly (int Cells, int Reach)[] _levels =
        [(40, 12), (40, 6), (100, 5), (100, 5), (200, 5), (500, 5)];

    // What crosses counts for so many tenths of how far ahead was wanted again what was given up.
    private const int TenthsCounted = 7;

    // A byte of memory each.
    private const long MostPlaces = 50_000_000;

    private readonly EdgeShape _shape;
    private readonly EdgeDemand _demand;
    private readonly CopyCounter _counter;
    private readonly MergedOrder _order;
    private int[] _keys;

    /// <summary>Begins with an order.</summary>
    /// <param name="shape">The links; at least one edge.</param>
    /// <param name="demand">The lists, of two clients at least.</param>
    /// <param name="counter">Tells orders apart.</param>
    /// <param name="keys">The order, by keys, one a request.</param>
    public CrossingPath(EdgeShape shape, EdgeDemand demand, CopyCounter counter, int[] keys)
    {
        (_shape, _demand, _counter, _keys) = (shape, demand, counter, keys);
        _order = new MergedOrder(demand);
    }

    /// <summary>The best order found, by keys.</summary>
    /// <param name="places">
    /// How many places of the grid are looked at each time, at most; where that is too few to stray at all, no more is.
    /// </param>
    /// <param name="cancellation">Ends the search early.</param>
    public int[] Find(long places, CancellationToken cancellation)
    {
        int longest = Enumerable.Range(0, _demand.Clients).Max(LengthOf);
        int[] best = _keys;
        long least = _counter.Count(_keys);
        foreach ((int cells, int most) in _levels)
        {
            int cell = Math.Max(1, longest / cells);
            int[] lists = CrossingGrid.CellsOf(_demand, cell);
            int steps = lists.Sum();
            int reach = Math.Min(most, lists.Max());
            while (reach > 0 && CorridorWalk.PlacesOf(_demand.Clients, steps, reach) > Math.Min(places, MostPlaces))
            {
                reach--;
            }

            if (reach == 0)
            {
                break;
            }

            int lasting = (int)(_counter.GivenUpAhead * TenthsCounted / 10 / cell);
            var grid = new CrossingGrid(_shape, _demand, cell);
            var walk = new CorridorWalk(grid, StepsOf(grid), reach);
            _keys = KeysOf(grid, walk.Walk(lasting > 0 ? lasting : steps, cancellation));
            long count = _counter.Count(_keys);
            (best, least) = count < least ? (_keys, count) : (best, least);
        }

        return best;
    }

    private int LengthOf(int client) => _demand.StartOf(client + 1) - _demand.StartOf(client);

    /// <summary>The path in hand, in steps of whole cells: each when all of the cell has started.</summary>
    private int[] StepsOf(CrossingGrid grid)
    {
        var steps = new List<int>();
        _order.Merge(_keys);
        foreach (int request in _order.Requests)
        {
            int client = _demand.ClientOf[request];
            int started = request - _demand.StartOf(client) + 1;
            if (started % grid.Cell == 0 || started == LengthOf(client))
            {
                steps.Add(client);
            }
        }

        return [.. steps];
    }

    /// <summary>What a client starts between two of its steps is spread evenly from the one to the other.</summary>
    private int[] KeysOf(CrossingGrid grid, int[] steps)
    {
        int keyPerStep = grid.Cell * KeyBend.KeyPerPlace / _demand.Clients;
        int[] keys = new int[_demand.Requests];
        int[] done = new int[_demand.Clients];
        int[] before = new int[_demand.Clients];
        for (int step = 0; step < steps.Length; step++)
        {
            int client = steps[step];
            int now = (step + 1) * keyPerStep;
            int count = Math.Min(grid.Cell, LengthOf(client) - done[client]);
            for (int i = 0; i < count; i++)
            {
                keys[_demand.StartOf(client) + done[client]++] =
                    before[client] + (int)((long)(now - before[client]) * (i + 1) / count);
            }

            before[client] = now;
        }

        return keys;
    }
}
