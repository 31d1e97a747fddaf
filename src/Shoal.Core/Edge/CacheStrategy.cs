namespace Shoal.Core.Edge;

/// <summary>
/// A cache that reacts. What a client wants next and no edge has goes straight while few of its files do, so that its
/// own connection is never idle; else an edge fetches it through, client by client in turn. Idle copies make room, the
/// least worth first.
/// </summary>
internal sealed class CacheStrategy : EdgeStrategy
{
    // What a client has in flight straight from the origin before it asks an edge.
    private const int Window = 4;

    private readonly EdgePolicy _policy;
    private readonly int _window;
    private readonly List<int>[] _idle;
    private readonly long[] _lastUse;
    private readonly int[] _useCounts;
    private long _clock;
    private int _turn;

    public CacheStrategy(EdgeBoard board, EdgePolicy policy, DirectLimit limit)
        : base(board)
    {
        _policy = policy;
        _window = WindowOf(limit);
        _idle = [.. Enumerable.Range(0, board.Edges).Select(_ => new List<int>())];
        _lastUse = new long[board.Sizes.Length];
        _useCounts = new int[board.Sizes.Length];
    }

    public static int WindowOf(DirectLimit limit) => limit == DirectLimit.One ? 1 : Window;

    public override bool GoesDirect(int client, int request, int file) => Board.Direct[client] < _window;

    public override bool TryFill(int edge)
    {
        for (int i = 0; i < Board.Clients; i++)
        {
            int client = (_turn + i) % Board.Clients;
            int request = Board.Heads[client];
            if (request == Board.Ends[client])
            {
                continue;
            }

            int file = Board.FileOf[request];
            if (Board.EdgeOf[file] == EdgeBoard.Nowhere && !Board.IsTooLarge(file) && MakeRoom(edge, file))
            {
                _turn = (client + 1) % Board.Clients;
                Board.Fill(edge, file);
                return true;
            }
        }

        return false;
    }

    public override void OnStarted(int request, int file) => Use(file);

    public override void OnServed(int request, int file, bool wasIdle)
    {
        Use(file);
        if (wasIdle)
        {
            _idle[Board.EdgeOf[file]].Remove(file);
        }
    }

    public override void OnIdle(int file) => _idle[Board.EdgeOf[file]].Add(file);

    private void Use(int file)
    {
        _lastUse[file] = ++_clock;
        _useCounts[file]++;
    }

    private bool MakeRoom(int edge, int file)
    {
        List<int> idle = _idle[edge];
        long room = Board.Free[edge];
        foreach (int copy in idle)
        {
            room += Board.Sizes[copy];
        }

        if (room < Board.Sizes[file])
        {
            return false;
        }

        while (Board.Free[edge] < Board.Sizes[file])
        {
            int least = 0;
            for (int i = 1; i < idle.Count; i++)
            {
                least = Worth(idle[i]).CompareTo(Worth(idle[least])) < 0 ? i : least;
            }

            int copy = idle[least];
            idle.RemoveAt(least);
            Board.Evict(copy);
        }

        return true;
    }

    // Of equal ones, what was used least recently.
    private (long, long) Worth(int file) => _policy switch
    {
        EdgePolicy.Lfu => (_useCounts[file], _lastUse[file]),
        EdgePolicy.Belady => (-NextUse(file), _lastUse[file]),
        _ => (_lastUse[file], 0),
    };

    /// <summary>How many files the first client that still wants a file starts before it.</summary>
    private long NextUse(int file)
    {
        long next = int.MaxValue;
        foreach (int request in Board.Demand.WantsOf(file))
        {
            if (!Board.IsStarted[request])
            {
                next = Math.Min(next, request - Board.Heads[Board.Demand.ClientOf[request]]);
            }
        }

        return next;
    }
}
