using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// Fan-out, planned: a chunk is opened for all who lack it together, when the window of each has room, so that one
/// upload is enough and the hub waits for nobody whose window is full. What each holder brings advances together.
/// </summary>
internal sealed class FanOutStrategy : StarStrategy
{
    /// <summary>So many chunks may one holder be ahead of another, of the longest queue.</summary>
    private const int MostAhead = 8;

    private readonly Queue<(int Chunk, StarLink Holder)>[] _toAsk;
    private readonly Queue<int>[] _toOpen;
    private readonly int[] _planned;
    private readonly Dictionary<int, int> _unasked = [];
    private int _longest;
    private int _lastFull;

    public FanOutStrategy(StarBoard board)
        : base(board)
    {
        _toAsk = [.. board.Links.Select(_ => new Queue<(int Chunk, StarLink Holder)>())];
        _toOpen = [.. board.Links.Select(_ => new Queue<int>())];
        _planned = new int[board.Links.Length];
        Plan();
    }

    public override void Replan()
    {
        for (int peer = 0; peer < _toAsk.Length; peer++)
        {
            foreach ((int chunk, _) in _toAsk[peer])
            {
                Board.Links[peer].Claimed.Clear(chunk);
            }

            _toAsk[peer].Clear();
            _toOpen[peer].Clear();
        }

        _unasked.Clear();
        Plan();
    }

    public override void Prepare()
    {
        while (NextToOpen() is { } holder)
        {
            Open(_toOpen[holder.Index].Dequeue(), holder);
        }
    }

    public override bool TryChoose(StarLink requester, VirtualTime now, out StarWish wish)
    {
        if (!_toAsk[requester.Index].TryDequeue(out var next))
        {
            wish = default;
            return false;
        }

        wish = new StarWish(next.Chunk, next.Holder, now);
        return true;
    }

    public override bool Awaits(int chunk) => _unasked.ContainsKey(chunk);

    public override void OnArrived(int chunk)
    {
        if (_unasked.TryGetValue(chunk, out int count))
        {
            _unasked[chunk] = count - 1;
            if (count == 1)
            {
                _unasked.Remove(chunk);
            }
        }
    }

    /// <summary>Each chunk that somebody lacks is brought by one holder, so that all of them end together.</summary>
    private void Plan()
    {
        var ends = new long[Board.Links.Length];
        var shared = new List<int>();
        for (int chunk = 0; chunk < Board.ChunkCount; chunk++)
        {
            int holders = 0;
            StarLink? holder = null;
            bool isLacked = false;
            foreach (StarLink link in Board.Links.Where(link => link.IsPresent))
            {
                holders += link.Has[chunk] ? 1 : 0;
                holder = link.Has[chunk] ? link : holder;
                ends[link.Index] += link.Claimed[chunk] ? 0 : DeliveryCost(link);
                isLacked |= !link.Claimed[chunk];
            }

            if (isLacked && holders == 1)
            {
                Assign(chunk, holder!, ends);
            }
            else if (isLacked && holders > 1)
            {
                shared.Add(chunk);
            }
        }

        foreach (int chunk in shared)
        {
            StarLink holder = Board.Links.Where(link => link.IsPresent && link.Has[chunk])
                .MinBy(link => ends[link.Index] + StarBound.UploadCost(link.Cost))!;
            Assign(chunk, holder, ends);
        }

        for (int peer = 0; peer < _planned.Length; peer++)
        {
            _planned[peer] = _toOpen[peer].Count;
        }

        _longest = _planned.Max();
    }

    private long DeliveryCost(StarLink link) => StarBound.DeliveryCost(link.Cost, Board.Setup.Finished);

    private void Assign(int chunk, StarLink holder, long[] ends)
    {
        _toOpen[holder.Index].Enqueue(chunk);
        ends[holder.Index] += StarBound.UploadCost(holder.Cost);
    }

    /// <summary>Of the holders whose next chunk can be opened the one that is furthest behind.</summary>
    private StarLink? NextToOpen()
    {
        StarLink? best = null;
        double behind = double.PositiveInfinity;
        double least = double.PositiveInfinity;
        foreach (StarLink holder in Board.Links)
        {
            if (_toOpen[holder.Index].Count == 0)
            {
                continue;
            }

            double progress = 1 - ((_toOpen[holder.Index].Count - 0.5) / _planned[holder.Index]);
            least = Math.Min(least, progress);
            if (progress < behind && CanOpen(_toOpen[holder.Index].Peek()))
            {
                best = holder;
                behind = progress;
            }
        }

        return behind - least <= (double)MostAhead / _longest ? best : null;
    }

    private bool CanOpen(int chunk)
    {
        // Mostly it is the same slow peer that has no room.
        if (LacksRoom(Board.Links[_lastFull], chunk))
        {
            return false;
        }

        foreach (StarLink link in Board.Links)
        {
            if (LacksRoom(link, chunk))
            {
                _lastFull = link.Index;
                return false;
            }
        }

        return true;
    }

    private bool LacksRoom(StarLink link, int chunk) =>
        link.IsPresent && !link.Claimed[chunk]
        && link.Wishes.Count + _toAsk[link.Index].Count >= StarMachine.Window;

    private void Open(int chunk, StarLink holder)
    {
        foreach (StarLink link in Board.Links)
        {
            if (link.IsPresent && !link.Claimed[chunk])
            {
                link.Claimed.Set(chunk);
                _toAsk[link.Index].Enqueue((chunk, holder));
                _unasked[chunk] = _unasked.GetValueOrDefault(chunk) + 1;
            }
        }
    }
}
