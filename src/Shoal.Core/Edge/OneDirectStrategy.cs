namespace Shoal.Core.Edge;

/// <summary>
/// One direct transfer at a time: a client must always have a file at hand that can come straight next, so an edge
/// takes of what only one client wants no more than leaves time to fill it. Edges fill for the client that would
/// otherwise wait first, only a little ahead, and rather for one whose request is earlier in the order of the plan, or
/// that has more to come than its own connection carries.
/// </summary>
internal sealed class OneDirectStrategy : PlannedStrategy
{
    // What a client has still to come straight before it needs an edge.
    private const long AheadSeconds = 40;

    // An edge takes what could come straight if so much, and as much as its own size, comes straight before it.
    private const long LeastAheadSeconds = 3;

    // One part in so many of what a client has to get from edges counts as if it would wait so much earlier.
    private const int NeedWeight = 100;

    // A place in the order counts as so many kb that come straight.
    private const int PlaceWeight = 100;

    private readonly int[] _flying;
    private readonly long[] _runways;
    private readonly int[] _wishes;
    private readonly long[] _needKb;
    private readonly long _aheadKb;
    private readonly long _leastAheadKb;

    public OneDirectStrategy(EdgeBoard board)
        : base(board)
    {
        _flying = new int[board.Clients];
        _runways = new long[board.Clients];
        _wishes = new int[board.Clients];
        _needKb = new long[board.Clients];
        _aheadKb = board.Shape.OriginToClient * AheadSeconds;
        _leastAheadKb = board.Shape.OriginToClient * LeastAheadSeconds;
    }

    public override void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        base.Restart(order, budgets);
        for (int client = 0; client < Board.Clients; client++)
        {
            _needKb[client] = Board.Demand.KbOf(client) - Budgets[client];
        }
    }

    public override bool GoesDirect(int client, int request, int file) => Board.Direct[client] == 0
        && (PassesBy[request] || Board.IsTooLarge(file) || Board.Remaining[file] == 1);

    public override void OnStarted(int request, int file) =>
        _flying[Board.Demand.ClientOf[request]] = Board.Sizes[file];

    public override void OnServed(int request, int file, bool wasIdle)
    {
        base.OnServed(request, file, wasIdle);
        _needKb[Board.Demand.ClientOf[request]] -= Board.Sizes[file];
    }

    public override bool TryFill(int edge)
    {
        for (int client = 0; client < Board.Clients; client++)
        {
            long runway = Board.Direct[client] > 0 ? _flying[client] / 2 : 0;
            _wishes[client] = NextForEdge(client, ref runway);
            int place = _wishes[client] == EdgeBoard.Nowhere ? 0 : Place[_wishes[client]];
            _runways[client] = runway - (_needKb[client] / NeedWeight) + ((long)PlaceWeight * place);
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

            bool isStraight = Board.Remaining[file] == 1 && runway < _leastAheadKb + Board.Sizes[file];
            if (!PassesBy[request] && !Board.IsTooLarge(file) && !isStraight)
            {
                return request;
            }

            runway += Board.Sizes[file];
        }

        return EdgeBoard.Nowhere;
    }
}
