namespace Shoal.Core.Edge;

/// <summary>
/// The cheapest monotone path through a <see cref="CrossingGrid"/> among those that stay near a given one: after as
/// many steps, no client but the last is more than so many cells ahead or behind; the last is wherever the others are
/// not. By dynamic programming, step by step.
/// </summary>
internal sealed class CorridorWalk
{
    private const long Unreachable = long.MaxValue;

    private readonly CrossingGrid _grid;
    private readonly int[] _middle;
    private readonly int _reach;
    private readonly int _last;
    private readonly int _side;
    private readonly int[] _strides;
    // Where the given path is, where it was a while ago, and a place of the corridor beside it.
    private readonly int[] _center;
    private readonly int[] _since;
    private readonly int[] _at;
    // The least cost of coming to each place of the corridor, now and a step ago; and who made the last step, always.
    private long[] _costs;
    private long[] _before;
    private readonly byte[] _steps;

    /// <summary>Prepares a walk.</summary>
    /// <param name="grid">The grid, of two clients at least.</param>
    /// <param name="middle">The given path: the client that makes each step.</param>
    /// <param name="reach">How far to stray from it, in cells, from 1.</param>
    public CorridorWalk(CrossingGrid grid, int[] middle, int reach)
    {
        (_grid, _middle, _reach) = (grid, middle, reach);
        int clients = grid.Cells.Length;
        _last = clients - 1;
        _side = (2 * reach) + 1;
        _strides = new int[clients];
        int places = 1;
        for (int client = _last - 1; client >= 0; client--)
        {
            _strides[client] = places;
            places *= _side;
        }

        _center = new int[clients];
        _since = new int[clients];
        _at = new int[clients];
        _costs = new long[places];
        _before = new long[places];
        _steps = new byte[middle.Length * places];
    }

    /// <summary>How many places of a corridor are looked at.</summary>
    public static long PlacesOf(int clients, int steps, int reach)
    {
        long places = steps;
        for (int client = 1; client < clients && places < int.MaxValue; client++)
        {
            places *= (2 * reach) + 1;
        }

        return places;
    }

    /// <summary>The client that makes each step of the cheapest path.</summary>
    /// <param name="lasting">What crosses counts for so many steps.</param>
    /// <param name="cancellation">Ends the walk early.</param>
    public int[] Walk(int lasting, CancellationToken cancellation)
    {
        int middle = _strides.Sum() * _reach;
        Array.Fill(_costs, Unreachable);
        _costs[middle] = 0;
        for (int step = 0; step < _middle.Length; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            (_costs, _before) = (_before, _costs);
            _center[_middle[step]]++;
            if (step >= lasting)
            {
                _since[_middle[step - lasting]]++;
            }

            Span<byte> steps = _steps.AsSpan(step * _costs.Length, _costs.Length);
            for (int place = 0; place < _costs.Length; place++)
            {
                int client = Go(place, step + 1) ? Cheapest(place, _middle[step]) : -1;
                if (client < 0)
                {
                    _costs[place] = Unreachable;
                    continue;
                }

                steps[place] = (byte)client;
                _costs[place] = _before[Before(place, _middle[step], client)] + _grid.CostAt(_at, _since);
            }
        }

        int[] path = new int[_middle.Length];
        for (int step = path.Length - 1, place = middle; step >= 0; step--)
        {
            path[step] = _steps[(step * _costs.Length) + place];
            place = Before(place, _middle[step], path[step]);
        }

        return path;
    }

    /// <summary>Whether a place of the corridor is one of the grid.</summary>
    private bool Go(int place, int steps)
    {
        int last = steps;
        for (int client = 0; client < _last; client++)
        {
            int at = _center[client] + (place / _strides[client] % _side) - _reach;
            if (at < 0 || at > _grid.Cells[client])
            {
                return false;
            }

            _at[client] = at;
            last -= at;
        }

        _at[_last] = last;
        return last >= 0 && last <= _grid.Cells[_last];
    }

    /// <summary>Whose step hither is the cheapest; -1: none is possible.</summary>
    private int Cheapest(int place, int moved)
    {
        // The given path has moved by a step, so a step ago this place was further ahead of it.
        bool isEdge = moved != _last && place / _strides[moved] % _side == _side - 1;
        int best = -1;
        long least = Unreachable;
        for (int client = 0; client <= _last; client++)
        {
            bool isWithin = client == moved
                || (!isEdge && (client == _last || place / _strides[client] % _side > 0));
            if (_at[client] > 0 && isWithin)
            {
                long cost = _before[Before(place, moved, client)];
                (best, least) = cost < least ? (client, cost) : (best, least);
            }
        }

        return best;
    }

    /// <summary>The place of the corridor before a client's step to another.</summary>
    private int Before(int place, int moved, int client) => place + _strides[moved] - _strides[client];
}
