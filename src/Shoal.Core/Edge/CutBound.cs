namespace Shoal.Core.Edge;

/// <summary>
/// How much must cross, whatever the order of starts. With p_j transfers started by client j, a run is a monotone
/// path from all 0 to all done; a file crosses where one client that wants it has started it and another has not. The
/// least over all paths of the most kb that cross at once is a bottleneck shortest path on a grid of as many
/// dimensions as clients; here on cells of <c>g</c> positions, where only files count that cross at every position of
/// the cell, so that it is never too high. Over four clients at most: what crosses between some, crosses between all.
/// </summary>
/// <remarks>
/// A greedy path gives a limit first; then all cells are swept in order, row by row along the last dimension, and what
/// cannot be reached below the limit is passed over.
/// </remarks>
public sealed class CutBound
{
    /// <summary>Positions a cell, unless the grid would be too large.</summary>
    public const int DefaultCell = 10;

    private const int MostDimensions = 4;
    private const double MostCells = 2e9;
    private const int MostUnits = 1_000_000_000;

    private readonly int _dimensions;
    private readonly int _last;
    private readonly int[] _cells;
    // By pair of clients (a < b): what crosses between just these, by cell of a, then of b.
    private readonly int[][] _pairs;
    private readonly List<CrossingFile> _shared = [];
    private readonly int[] _steps;
    private int _limit;

    private CutBound(EdgeDemand demand, int g, int unit)
    {
        _dimensions = Math.Min(demand.Clients, MostDimensions);
        _last = _dimensions - 1;
        _cells = [.. Enumerable.Range(0, _dimensions).Select(client => CellsOf(demand, client, g))];
        _steps = new int[_cells[_last] + 1];
        _pairs = new int[_dimensions * _dimensions][];
        for (int a = 0; a < _dimensions; a++)
        {
            for (int b = a + 1; b < _dimensions; b++)
            {
                _pairs[(a * _dimensions) + b] = new int[_cells[a] * _cells[b]];
            }
        }

        for (int file = 0; file < demand.Files; file++)
        {
            AddFile(CrossingFile.Of(demand, file, _dimensions, g, unit));
        }
    }

    /// <summary>The least possible maximum of crossing kb.</summary>
    /// <param name="demand">The lists.</param>
    /// <param name="g">Positions a cell, from 1; made coarser where the grid would have too many cells.</param>
    public static long CrossingKb(EdgeDemand demand, int g)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(g, 1);
        if (demand.Clients < 2)
        {
            return 0;
        }

        while (AllCells(demand, g) > MostCells)
        {
            g++;
        }

        // Whole units, rounded down, so that sums fit into 32 bits.
        int unit = (int)(demand.DistinctKb / MostUnits) + 1;
        return (long)new CutBound(demand, g, unit).Solve() * unit;
    }

    private static int CellsOf(EdgeDemand demand, int client, int g) =>
        ((demand.StartOf(client + 1) - demand.StartOf(client)) / g) + 1;

    private static double AllCells(EdgeDemand demand, int g)
    {
        double cells = 1;
        for (int client = 0; client < Math.Min(demand.Clients, MostDimensions); client++)
        {
            cells *= CellsOf(demand, client, g);
        }

        return cells;
    }

    private void AddFile(CrossingFile file)
    {
        if (file.Wants > 2)
        {
            _shared.Add(file);
        }
        else if (file.Wants == 2)
        {
            (int first, int second) = (file.Client(0), file.Client(1));
            int[] table = _pairs[(first * _dimensions) + second];
            int width = _cells[second];
            for (int a = 0; a < _cells[first]; a++)
            {
                (int from, int end) = file.RangeOfSecond(a, width);
                for (int b = from; b < end; b++)
                {
                    table[(a * width) + b] += file.Size;
                }
            }
        }
    }

    private int Solve()
    {
        _limit = GreedyPath();
        int[] stride = new int[_last];
        int rows = 1;
        for (int d = _last - 1; d >= 0; d--)
        {
            stride[d] = rows;
            rows *= _cells[d];
        }

        // The best values of one slab of the first dimension are overwritten by those of the next.
        int slab = _last == 0 ? 1 : stride[0];
        var best = new CutRows(slab, _cells[_last]);
        int[] at = new int[_last];
        for (int row = 0; row < rows; row++)
        {
            for (int d = 0, rest = row; d < _last; d++)
            {
                at[d] = rest / stride[d];
                rest %= stride[d];
            }

            Relax(best, row % slab, at, stride);
        }

        return best.LastValue;
    }

    private void Relax(CutRows best, int row, int[] at, int[] stride)
    {
        best.Enter(row, isFirst: at[0] == 0);
        for (int d = 1; d < _last; d++)
        {
            if (at[d] > 0)
            {
                best.Merge(row, row - stride[d]);
            }
        }

        if (!at.AsSpan().ContainsAnyExcept(0))
        {
            best.Begin(row);
        }

        if (best.IsReachable(row))
        {
            int all = FillSteps(at);
            best.Leave(row, _limit, new CutTables(all, _steps, TableOf(at, 0), TableOf(at, 1), TableOf(at, 2)));
        }
    }

    /// <summary>What crosses between a client at its cell and the last one, by the cell of the last.</summary>
    private ReadOnlySpan<int> TableOf(int[] at, int client) => client < _last
        ? _pairs[(client * _dimensions) + _last].AsSpan(at[client] * _cells[_last], _cells[_last])
        : [];

    /// <summary>Returns what crosses along all of a row, and notes where more begins or ends to cross.</summary>
    private int FillSteps(int[] at)
    {
        int all = 0;
        for (int a = 0; a < _last; a++)
        {
            for (int b = a + 1; b < _last; b++)
            {
                all += _pairs[(a * _dimensions) + b][(at[a] * _cells[b]) + at[b]];
            }
        }

        Array.Clear(_steps);
        foreach (CrossingFile file in _shared)
        {
            file.AddTo(_steps, at);
        }

        return all;
    }

    /// <summary>The most that crosses on a path that always takes the step to where least does.</summary>
    private int GreedyPath()
    {
        int[] at = new int[_dimensions];
        int most = 0;
        while (true)
        {
            int chosen = -1;
            int least = int.MaxValue;
            for (int d = 0; d < _dimensions; d++)
            {
                if (at[d] + 1 < _cells[d])
                {
                    at[d]++;
                    int crossing = CrossingAt(at);
                    at[d]--;
                    (chosen, least) = crossing < least ? (d, crossing) : (chosen, least);
                }
            }

            if (chosen < 0)
            {
                return most;
            }

            at[chosen]++;
            most = Math.Max(most, least);
        }
    }

    private int CrossingAt(int[] at)
    {
        int crossing = FillSteps(at[.._last]);
        for (int i = 0; i <= at[_last]; i++)
        {
            crossing += _steps[i];
        }

        for (int a = 0; a < _last; a++)
        {
            crossing += TableOf(at, a)[at[_last]];
        }

        return crossing;
    }
}
