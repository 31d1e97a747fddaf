namespace Shoal.Core.Edge;

/// <summary>
/// Follows a plan: one order of all starts, known beforehand.
/// <list type="bullet">
/// <item>Room is made by giving up the idle copy whose next use lies furthest in the order (Belady, 1966); a file
/// that would itself be furthest is not kept: it passes the edges by.</item>
/// <item>What only one client still wants goes straight to it, as far as its budget reaches, so that the edges are
/// free for what is shared while much of it crosses, and serve the rest late.</item>
/// </list>
/// How far edges fill ahead, and what the direct connections carry, the two kinds decide.
/// </summary>
internal abstract class PlannedStrategy : EdgeStrategy
{
    protected const int NoPlace = int.MaxValue;

    private readonly CopyShelf[] _shelves;
    private readonly int[] _nextUse;

    protected PlannedStrategy(EdgeBoard board)
        : base(board)
    {
        int requests = board.Demand.Requests;
        _shelves = [.. Enumerable.Range(0, board.Edges).Select(_ => new CopyShelf(requests))];
        _nextUse = new int[board.Demand.Files];
        Order = new int[requests];
        Place = new int[requests];
        Budgets = new long[board.Clients];
        PassesBy = new bool[requests];
    }

    /// <summary>All requests, in the order in which they are to start.</summary>
    protected int[] Order { get; }

    /// <summary>The place of every request in that order.</summary>
    protected int[] Place { get; }

    protected long[] Budgets { get; }

    /// <summary>Requests that no edge has room to serve.</summary>
    protected bool[] PassesBy { get; }

    public static PlannedStrategy Of(EdgeBoard board, EdgePlan plan)
    {
        PlannedStrategy strategy = plan.Limit == DirectLimit.One
            ? new OneDirectStrategy(board)
            : new BudgetStrategy(board);
        strategy.Restart(plan.Order.AsSpan(), plan.Budgets.AsSpan());
        return strategy;
    }

    public override void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        order.CopyTo(Order);
        budgets.CopyTo(Budgets);
        for (int place = 0; place < Order.Length; place++)
        {
            Place[Order[place]] = place;
        }

        Array.Clear(PassesBy);
        foreach (CopyShelf shelf in _shelves)
        {
            shelf.Clear();
        }
    }

    public override void OnCarried(int file) => OnPlaced(file);

    public override void OnServed(int request, int file, bool wasIdle)
    {
        if (wasIdle)
        {
            _shelves[Board.EdgeOf[file]].Remove(_nextUse[file]);
        }
    }

    public override void OnIdle(int file)
    {
        if (Board.Remaining[file] == 0)
        {
            Board.Evict(file);
            return;
        }

        OnPlaced(file);
        _nextUse[file] = NextUse(file, EdgeBoard.Nowhere);
        _shelves[Board.EdgeOf[file]].Add(_nextUse[file]);
    }

    /// <summary>
    /// Begins a fill for a request if there is room, once idle copies go that are used later than the file is again; or
    /// decides that the file passes by.
    /// </summary>
    protected bool TryFillFor(int edge, int request, int file)
    {
        int next = Board.Remaining[file] == 1 ? Place[request] : NextUse(file, request);
        if (HasRoom(edge, file, next))
        {
            MakeRoom(edge, file);
            Board.Fill(edge, file);
            OnPlaced(file);
            return true;
        }

        if (Board.Remaining[file] == 1 || HasOtherRoom(edge, file, next))
        {
            return false;
        }

        PassesBy[request] = true;
        OnPassesBy(request);
        return true;
    }

    /// <summary>
    /// What an edge can best spare for a file: room, and where there is too little, how late in the order the idle copy
    /// is used that waits longest.
    /// </summary>
    protected long SpareFor(int edge, int file) => Board.Free[edge] >= Board.Sizes[file]
        ? Order.Length + Board.Free[edge]
        : _shelves[edge].FurthestBefore(Order.Length);

    /// <summary>An edge begins to fill a file.</summary>
    protected virtual void OnPlaced(int file)
    {
    }

    /// <summary>No edge has room for a file until a request for it starts.</summary>
    protected virtual void OnPassesBy(int request)
    {
    }

    /// <summary>An edge gave a file up that is wanted still.</summary>
    protected virtual void OnGivenUp(int file)
    {
    }

    /// <summary>The first place in the order of a request for a file that has not started, but for one.</summary>
    private int NextUse(int file, int except)
    {
        int least = NoPlace;
        foreach (int request in Board.Demand.WantsOf(file))
        {
            if (!Board.IsStarted[request] && request != except)
            {
                least = Math.Min(least, Place[request]);
            }
        }

        return least;
    }

    private bool HasOtherRoom(int edge, int file, int next)
    {
        for (int other = 0; other < Board.Edges; other++)
        {
            if (other != edge && HasRoom(other, file, next))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasRoom(int edge, int file, int next)
    {
        long room = Board.Free[edge];
        int at = Order.Length;
        while (room < Board.Sizes[file])
        {
            at = _shelves[edge].FurthestBefore(at);
            if (at <= next)
            {
                return false;
            }

            room += Board.Sizes[Board.FileOf[Order[at]]];
        }

        return true;
    }

    private void MakeRoom(int edge, int file)
    {
        while (Board.Free[edge] < Board.Sizes[file])
        {
            int furthest = _shelves[edge].FurthestBefore(Order.Length);
            _shelves[edge].Remove(furthest);
            int copy = Board.FileOf[Order[furthest]];
            Board.Evict(copy);
            OnGivenUp(copy);
        }
    }
}
