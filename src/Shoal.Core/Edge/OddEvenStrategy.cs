namespace Shoal.Core.Edge;

/// <summary>
/// Every edge has the files of its numbers, fills the smallest first as long as it has room, and gives up what nobody
/// wants any more. What is not there when a client comes to it goes straight.
/// </summary>
internal sealed class OddEvenStrategy : EdgeStrategy
{
    private readonly int _window;
    private readonly Queue<int>[] _waiting;

    public OddEvenStrategy(EdgeBoard board, DirectLimit limit)
        : base(board)
    {
        _window = CacheStrategy.WindowOf(limit);
        _waiting = [.. Enumerable.Range(0, board.Edges).Select(_ => new Queue<int>())];
        int[] sizes = [.. board.Sizes];
        int[] files = [.. Enumerable.Range(0, sizes.Length)];
        Array.Sort(sizes, files);
        foreach (int file in files)
        {
            if (!board.IsTooLarge(file))
            {
                _waiting[EdgeSetup.HomeOf(board.Demand, file, board.Edges)].Enqueue(file);
            }
        }
    }

    public override bool GoesDirect(int client, int request, int file) => Board.Direct[client] < _window;

    public override bool TryFill(int edge)
    {
        Queue<int> waiting = _waiting[edge];
        while (waiting.TryPeek(out int gone) && (Board.Remaining[gone] == 0 || Board.EdgeOf[gone] == edge))
        {
            waiting.Dequeue();
        }

        if (!waiting.TryPeek(out int file) || Board.Free[edge] < Board.Sizes[file])
        {
            return false;
        }

        Board.Fill(edge, waiting.Dequeue());
        return true;
    }

    public override void OnIdle(int file)
    {
        if (Board.Remaining[file] == 0)
        {
            Board.Evict(file);
        }
    }
}
