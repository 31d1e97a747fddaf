namespace Shoal.Core.Edge;

/// <summary>
/// Any number of direct transfers: at first all that only one client wants goes straight and waits there, so that
/// the edges carry only what is shared; a client whose budget is used up has the rest by the edges.
/// </summary>
internal sealed class BudgetStrategy : PlannedStrategy
{
    // More files than these on one connection at once would only keep each other from ending and making room.
    private const int MostDeliveries = 3;

    // Where a request waits for an edge: its file is on none, and does not go straight.
    private readonly WantedPlaces _wanted;
    // By edge, the request that another edge has left to it, or nowhere.
    private readonly int[] _leftTo;
    private readonly long[] _straightKb;
    private readonly bool[] _isClosed;
    private readonly bool[] _isLastStraight;

    public BudgetStrategy(EdgeBoard board)
        : base(board)
    {
        _wanted = new WantedPlaces(board.Demand.Requests);
        _leftTo = new int[board.Edges];
        _straightKb = new long[board.Clients];
        _isClosed = new bool[board.Clients];
        _isLastStraight = new bool[board.Demand.Requests];
    }

    public override bool CountsDirect => false;

    public override void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        base.Restart(order, budgets);
        Array.Fill(_leftTo, EdgeBoard.Nowhere);
        Array.Clear(_straightKb);
        Array.Clear(_isClosed);
        Array.Clear(_isLastStraight);
        _wanted.Clear();
        for (int place = 0; place < order.Length; place++)
        {
            int file = Board.FileOf[order[place]];
            if (Board.Remaining[file] > 1 && !Board.IsTooLarge(file))
            {
                _wanted.Add(place);
            }
        }
    }

    public override bool GoesDirect(int client, int request, int file)
    {
        if (PassesBy[request] || _isLastStraight[request] || Board.IsTooLarge(file))
        {
            return true;
        }

        if (Board.Remaining[file] > 1 || _isClosed[client])
        {
            return false;
        }

        if (_straightKb[client] + Board.Sizes[file] <= Budgets[client])
        {
            return true;
        }

        Close(client);
        return false;
    }

    public override void OnStarted(int request, int file)
    {
        _straightKb[Board.Demand.ClientOf[request]] += Board.Sizes[file];
        _wanted.Remove(Place[request]);
        if (Board.Remaining[file] == 1)
        {
            NoteWanted(file);
        }
    }

    public override bool MayServe(int client, int file) =>
        Board.Deliveries[(Board.EdgeOf[file] * Board.Clients) + client] < MostDeliveries;

    public override bool TryFill(int edge)
    {
        int left = _leftTo[edge];
        _leftTo[edge] = EdgeBoard.Nowhere;
        bool isWanted = left != EdgeBoard.Nowhere && _wanted.Contains(Place[left]);
        return (isWanted && TryFillFor(edge, left, Board.FileOf[left]))
            || TryFillFirst(edge, leaves: true)
            || TryFillFirst(edge, leaves: false);
    }

    protected override void OnPlaced(int file)
    {
        foreach (int request in Board.Demand.WantsOf(file))
        {
            _wanted.Remove(Place[request]);
        }
    }

    protected override void OnPassesBy(int request) => _wanted.Remove(Place[request]);

    protected override void OnGivenUp(int file) => NoteWanted(file);

    /// <summary>Fills for the first that wait, and perhaps leaves some of them to other edges.</summary>
    private bool TryFillFirst(int edge, bool leaves)
    {
        for (int place = _wanted.FirstFrom(0); place >= 0; place = _wanted.FirstFrom(place + 1))
        {
            int request = Order[place];
            int file = Board.FileOf[request];
            if (leaves && (IsLeft(file) || TryLeave(edge, request, file)))
            {
                continue;
            }

            if (TryFillFor(edge, request, file))
            {
                return true;
            }

            if (Board.Remaining[file] == 1)
            {
                return false;
            }
        }

        return false;
    }

    private bool IsLeft(int file)
    {
        foreach (int request in _leftTo)
        {
            if (request != EdgeBoard.Nowhere && Board.FileOf[request] == file)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Leaves what is to stay for a while to an edge that has more to spare for it, as its next fill, so that more
    /// often what is used latest of all makes room.
    /// </summary>
    private bool TryLeave(int edge, int request, int file)
    {
        if (Board.Remaining[file] == 1)
        {
            return false;
        }

        int best = edge;
        long most = SpareFor(edge, file);
        for (int other = 0; other < Board.Edges; other++)
        {
            long spare = _leftTo[other] == EdgeBoard.Nowhere ? SpareFor(other, file) : long.MinValue;
            (best, most) = spare > most ? (other, spare) : (best, most);
        }

        if (best == edge)
        {
            return false;
        }

        _leftTo[best] = request;
        return true;
    }

    private void Close(int client)
    {
        _isClosed[client] = true;
        SpendRest(client);
        for (int request = Board.Heads[client]; request < Board.Ends[client]; request++)
        {
            int file = Board.FileOf[request];
            if (Board.Remaining[file] == 1 && Board.EdgeOf[file] == EdgeBoard.Nowhere)
            {
                NoteWanted(file);
            }
        }
    }

    /// <summary>What is left of a budget is spent on the one file that comes nearest, wherever in the list.</summary>
    private void SpendRest(int client)
    {
        long left = Budgets[client] - _straightKb[client];
        int nearest = EdgeBoard.Nowhere;
        int most = 0;
        for (int request = Board.Heads[client]; request < Board.Ends[client]; request++)
        {
            int file = Board.FileOf[request];
            int size = Board.Sizes[file];
            if (size > most && size <= left && Board.Demand.WantsOf(file).Length == 1
                && Board.EdgeOf[file] == EdgeBoard.Nowhere)
            {
                (nearest, most) = (request, size);
            }
        }

        if (nearest != EdgeBoard.Nowhere)
        {
            _isLastStraight[nearest] = true;
        }
    }

    /// <summary>Notes which requests for a file that is on no edge wait for one.</summary>
    private void NoteWanted(int file)
    {
        foreach (int request in Board.Demand.WantsOf(file))
        {
            if (Board.IsStarted[request] || PassesBy[request] || _isLastStraight[request] || Board.IsTooLarge(file))
            {
                continue;
            }

            if (Board.Remaining[file] > 1 || _isClosed[Board.Demand.ClientOf[request]])
            {
                _wanted.Add(Place[request]);
            }
            else
            {
                _wanted.Remove(Place[request]);
            }
        }
    }
}
