namespace Shoal.Core.Edge;

/// <summary>
/// One direct transfer at a time: what goes straight is spread evenly over a list, as much as the budget says, and
/// edges fill for the client that would otherwise wait first, only a little ahead.
/// </summary>
internal sealed class OneDirectStrategy : PlannedStrategy
{
    // What a client has still to come straight before it needs an edge.
    private const long AheadSeconds = 24;

    private readonly bool[] _isStraight;
    private readonly int[] _flying;
    private readonly long[] _runways;
    private readonly int[] _wishes;
    private readonly long _aheadKb;

    public OneDirectStrategy(EdgeBoard board)
        : base(board)
    {
        _isStraight = new bool[board.Demand.Requests];
        _flying = new int[board.Clients];
        _runways = new long[board.Clients];
        _wishes = new int[board.Clients];
        _aheadKb = board.Shape.OriginToClient * AheadSeconds;
    }

    public override void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        base.Restart(order, budgets);
        for (int client = 0; client < Board.Clients; client++)
        {
            SpreadStraight(client);
        }
    }

    public override bool GoesDirect(int client, int request, int file) => Board.Direct[client] == 0
        && (PassesBy[request] || Board.IsTooLarge(file) || Board.Remaining[file] == 1);

    public override void OnStarted(int request, int file) =>
        _flying[Board.Demand.ClientOf[request]] = Board.Sizes[file];

    public override bool TryFill(int edge)
    {
        for (int client = 0; client < Board.Clients; client++)
        {
            _runways[client] = Board.Direct[client] > 0 ? _flying[client] / 2 : 0;
            _wishes[client] = NextForEdge(client, ref _runways[client]);
        }

        // Where there is no room for the first, there may be for another.
        while (TakeMostUrgent() is var request && request != EdgeBoard.Nowhere)
        {
            if (TryFillFor(edge, request, Board.FileOf[request]))
            {
                return true;
            }
        }

        return false;
    }

    private int TakeMostUrgent()
    {
        int first = EdgeBoard.Nowhere;
        for (int client = 0; client < Board.Clients; client++)
        {
            if (_wishes[client] != EdgeBoard.Nowhere
                && (first == EdgeBoard.Nowhere || _runways[client] < _runways[first]))
            {
                first = client;
            }
        }

        if (first == EdgeBoard.Nowhere)
        {
            return EdgeBoard.Nowhere;
        }

        int request = _wishes[first];
        _wishes[first] = EdgeBoard.Nowhere;
        return request;
    }

    /// <summary>The next request of a client that needs an edge, and what comes straight before it.</summary>
    private int NextForEdge(int client, ref long runway)
    {
        for (int request = Board.Heads[client]; request < Board.Ends[client] && runway < _aheadKb; request++)
        {
            int file = Board.FileOf[request];
            if (Board.EdgeOf[file] != EdgeBoard.Nowhere)
            {
                continue;
            }

            bool isSole = Board.Remaining[file] == 1;
            if (!PassesBy[request] && !Board.IsTooLarge(file) && !(isSole && _isStraight[request]))
            {
                return request;
            }

            runway += Board.Sizes[file];
        }

        return EdgeBoard.Nowhere;
    }

    /// <summary>Marks, evenly over a list, as much of what only one client wants as its budget allows.</summary>
    private void SpreadStraight(int client)
    {
        int start = Board.Demand.StartOf(client);
        long all = 0;
        for (int request = start; request < Board.Ends[client]; request++)
        {
            all += IsSole(request) ? Board.Sizes[Board.FileOf[request]] : 0;
        }

        long passed = 0;
        long given = 0;
        for (int request = start; request < Board.Ends[client]; request++)
        {
            if (IsSole(request))
            {
                int size = Board.Sizes[Board.FileOf[request]];
                passed += size;
                _isStraight[request] = (Int128)(given + (size / 2)) * all < (Int128)Budgets[client] * passed;
                given += _isStraight[request] ? size : 0;
            }
        }
    }

    private bool IsSole(int request) => Board.Demand.WantsOf(Board.FileOf[request]).Length == 1;
}
