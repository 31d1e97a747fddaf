namespace Shoal.Core.Edge;

/// <summary>
/// What it costs to be somewhere: with <c>p_j</c> cells of client j's list started, the kb that cross, those only that
/// began to not long ago; and many times the kb that direct connections could have carried meanwhile and did not,
/// because their clients had not started enough that goes straight. A file that m clients want counts by pairs of them,
/// each 1 / (m - 1): for up to three that is what crosses.
/// </summary>
internal sealed class CrossingGrid
{
    // Hardly ever is anything worth letting a direct connection idle.
    private const int LateWeight = 10;

    private readonly EdgeShape _shape;
    private readonly EdgeDemand _demand;
    private readonly int _clients;
    private readonly long _budget;
    // By client and cell, up to that cell: the kb of files that others want too, and of those that only it wants.
    private readonly int[][] _shared;
    private readonly int[][] _sole;
    // By pair of clients (a < b), cell of a, then of b: the kb that both have started.
    private readonly int[][] _both;

    /// <summary>Makes a grid.</summary>
    /// <param name="shape">The links; at least one edge.</param>
    /// <param name="demand">The lists.</param>
    /// <param name="cell">Places a cell, from 1.</param>
    public CrossingGrid(EdgeShape shape, EdgeDemand demand, int cell)
    {
        (_shape, _demand, Cell) = (shape, demand, cell);
        _clients = demand.Clients;
        _budget = demand.DistinctKb * shape.OriginToClient / shape.OriginRate(_clients);
        Cells = CellsOf(demand, cell);
        _shared = [.. Cells.Select(cells => new int[cells + 1])];
        _sole = [.. Cells.Select(cells => new int[cells + 1])];
        _both = new int[_clients * _clients][];
        for (int a = 0; a < _clients; a++)
        {
            for (int b = a + 1; b < _clients; b++)
            {
                _both[(a * _clients) + b] = new int[(Cells[a] + 1) * (Cells[b] + 1)];
            }
        }

        for (int file = 0; file < demand.Files; file++)
        {
            Add(demand.WantsOf(file), demand.Sizes[file]);
        }

        SumUp();
    }

    /// <summary>Places a cell.</summary>
    public int Cell { get; }

    /// <summary>How many cells each list has; the last may be shorter.</summary>
    public int[] Cells { get; }

    /// <summary>How many cells of so many places each list has; the last may be shorter.</summary>
    public static int[] CellsOf(EdgeDemand demand, int cell) =>
        [.. Enumerable.Range(0, demand.Clients)
            .Select(client => (demand.StartOf(client + 1) - demand.StartOf(client) + cell - 1) / cell)];

    /// <summary>What it costs to be somewhere, in kb.</summary>
    /// <param name="at">How many cells each client has started.</param>
    /// <param name="since">What began to cross before these does not count.</param>
    public long CostAt(ReadOnlySpan<int> at, ReadOnlySpan<int> since)
    {
        long crossing = 0;
        long filled = 0;
        for (int a = 0; a < at.Length; a++)
        {
            filled += _shared[a][at[a]] + Math.Max(0, _sole[a][at[a]] - _budget);
            for (int b = a + 1; b < at.Length; b++)
            {
                int[] both = _both[(a * _clients) + b];
                int width = Cells[b] + 1;
                int row = at[a] * width;
                int started = both[row + at[b]];
                filled -= started;
                if (since[a] < at[a])
                {
                    int before = since[a] * width;
                    crossing += both[row + width - 1] - both[before + width - 1] - started + both[before + at[b]];
                }

                if (since[b] < at[b])
                {
                    int last = Cells[a] * width;
                    crossing += both[last + at[b]] - both[last + since[b]] - started + both[row + since[b]];
                }
            }
        }

        return crossing + (LateWeight * Late(at, filled));
    }

    /// <summary>Time is what a direct connection carries in it, while those to edges carry so much.</summary>
    private long Late(ReadOnlySpan<int> at, long filled)
    {
        long carried = filled * _shape.OriginToClient / (_shape.OriginToEdge * _shape.Edges);
        long clock = Math.Min(carried, EdgeDemand.MostWantedKb);
        long late = 0;
        for (int client = 0; client < at.Length; client++)
        {
            int straight = _sole[client][at[client]];
            late += straight < _budget ? Math.Max(0, clock - straight) : 0;
        }

        return late;
    }

    private int CellOf(int request) => ((request - _demand.StartOf(_demand.ClientOf[request])) / Cell) + 1;

    private void Add(ReadOnlySpan<int> wants, int size)
    {
        if (wants.Length == 1)
        {
            _sole[_demand.ClientOf[wants[0]]][CellOf(wants[0])] += size;
            return;
        }

        for (int i = 0; i < wants.Length; i++)
        {
            int a = _demand.ClientOf[wants[i]];
            _shared[a][CellOf(wants[i])] += size;
            for (int j = i + 1; j < wants.Length; j++)
            {
                int b = _demand.ClientOf[wants[j]];
                _both[(a * _clients) + b][(CellOf(wants[i]) * (Cells[b] + 1)) + CellOf(wants[j])] +=
                    size / (wants.Length - 1);
            }
        }
    }

    private void SumUp()
    {
        for (int a = 0; a < _clients; a++)
        {
            for (int cell = 1; cell <= Cells[a]; cell++)
            {
                _shared[a][cell] += _shared[a][cell - 1];
                _sole[a][cell] += _sole[a][cell - 1];
            }

            for (int b = a + 1; b < _clients; b++)
            {
                int[] both = _both[(a * _clients) + b];
                int width = Cells[b] + 1;
                for (int place = width; place < both.Length; place++)
                {
                    both[place] += both[place - width];
                }

                for (int place = 1; place < both.Length; place++)
                {
                    both[place] += place % width > 0 ? both[place - 1] : 0;
                }
            }
        }
    }
}
