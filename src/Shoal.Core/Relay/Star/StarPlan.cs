namespace Shoal.Core.Relay.Star;

/// <summary>
/// Who is to bring which chunk to whom when each delivery has an upload of its own: every holder serves as many as
/// the quotas of the bound give it. An owner whose quota does not reach for all who want its chunks hands some of
/// them to one peer only, whose quota is larger than what its own chunks need, and that peer serves the others.
/// </summary>
internal sealed class StarPlan
{
    private readonly StarBoard _board;
    private readonly StarLink[] _here;
    private readonly long[] _left;
    private readonly long[] _surplus;
    private readonly List<int>[] _sole;
    private readonly Dictionary<(int Holder, int Chunk), List<int>> _handsOn = [];

    public StarPlan(StarBoard board)
    {
        _board = board;
        int peers = board.Links.Length;
        _here = [.. board.Links.Where(link => link.IsPresent)];
        Lanes = new StarLane[peers, peers];
        for (int i = 0; i < peers; i++)
        {
            for (int j = 0; j < peers; j++)
            {
                Lanes[i, j] = new StarLane();
            }
        }

        _left = new long[peers];
        _surplus = new long[peers];
        _sole = [.. board.Links.Select(_ => new List<int>())];
        Build();
    }

    /// <summary>By receiver and by holder: what the one is to get of the other.</summary>
    public StarLane[,] Lanes { get; }

    /// <summary>A peer got a chunk: those whom it is to serve may ask for it now.</summary>
    public void HandOn(StarLink holder, int chunk)
    {
        if (_handsOn.Remove((holder.Index, chunk), out List<int>? receivers))
        {
            foreach (int receiver in receivers)
            {
                Lanes[receiver, holder.Index].Came.Enqueue(chunk);
            }
        }
    }

    private void Build()
    {
        var lacking = new long[_left.Length];
        var shared = new List<int>();
        for (int chunk = 0; chunk < _board.ChunkCount; chunk++)
        {
            int holders = 0;
            StarLink? holder = null;
            foreach (StarLink link in _here)
            {
                if (link.Has[chunk])
                {
                    holders++;
                    holder = link;
                }
            }

            if (holders > 0 && CountLacking(chunk, lacking))
            {
                (holders == 1 ? _sole[holder!.Index] : shared).Add(chunk);
            }
        }

        StarSetup setup = _board.Setup;
        StarBound.Of(
            setup.Costs.Links, StarMode.Strict, setup.Finished, [.. lacking],
            [.. _sole.Select(chunks => (long)chunks.Count)]).Quotas().CopyTo(_left);
        ServeShared(shared);
        Balance();
        foreach (StarLink owner in _here)
        {
            ServeSole(owner);
        }
    }

    private bool CountLacking(int chunk, long[] lacking)
    {
        bool isLacked = false;
        foreach (StarLink link in _here)
        {
            if (!link.Claimed[chunk])
            {
                lacking[link.Index]++;
                isLacked = true;
            }
        }

        return isLacked;
    }

    /// <summary>Chunks that several have: whoever's quota is least used up by what only it can bring.</summary>
    private void ServeShared(List<int> chunks)
    {
        foreach (int chunk in chunks)
        {
            foreach (StarLink receiver in _here.Where(link => !link.Claimed[chunk]))
            {
                StarLink holder = _here.Where(link => link.Has[chunk])
                    .MaxBy(link => _left[link.Index] - _sole[link.Index].Count)!;
                Serve(receiver, holder, chunk, isHeld: true);
            }
        }
    }

    /// <summary>What each has above or, negative, below what its sole chunks need if it serves them to all.</summary>
    private void Balance()
    {
        foreach (StarLink link in _here)
        {
            long needed = 0;
            foreach (int chunk in _sole[link.Index])
            {
                needed += Receivers(chunk).Count();
            }

            _surplus[link.Index] = _left[link.Index] - needed;
        }
    }

    private void ServeSole(StarLink owner)
    {
        long deficit = -_surplus[owner.Index];
        int turn = 0;
        foreach (int chunk in _sole[owner.Index])
        {
            StarLink[] receivers = [.. Receivers(chunk)];
            if (deficit > 0 && receivers.Length > 1 && MostSurplus(receivers) is { } first)
            {
                deficit -= ServeThrough(owner, first, receivers, chunk, deficit, turn++);
                continue;
            }

            foreach (StarLink receiver in receivers)
            {
                Serve(receiver, owner, chunk, isHeld: true);
            }
        }
    }

    /// <summary>Serves a chunk once to a peer that hands it on; returns how many uploads the owner is spared.</summary>
    private long ServeThrough(
        StarLink owner, StarLink first, StarLink[] receivers, int chunk, long deficit, int turn)
    {
        Serve(first, owner, chunk, isHeld: true);
        StarLink[] others = Others(first, receivers, turn);
        StarLink from = first;
        long spared = 0;
        for (int i = 0; i < others.Length; i++)
        {
            if (_surplus[from.Index] <= 0)
            {
                // Whoever got the chunk already and has most to spare goes on with it.
                from = MostSurplus(others.AsSpan(0, i)) ?? owner;
            }

            bool isHandedOn = from != owner && spared < deficit;
            Serve(others[i], isHandedOn ? from : owner, chunk, isHeld: !isHandedOn);
            if (isHandedOn)
            {
                spared++;
                _surplus[from.Index]--;
            }
        }

        return spared;
    }

    /// <summary>The other receivers: those who may hand it on first, the rest in turn.</summary>
    private StarLink[] Others(StarLink first, StarLink[] receivers, int turn)
    {
        var others = new List<StarLink>(receivers.Length);
        for (int i = 0; i < receivers.Length; i++)
        {
            StarLink receiver = receivers[(i + turn) % receivers.Length];
            if (receiver != first)
            {
                others.Add(receiver);
            }
        }

        return [.. others.OrderBy(link => _surplus[link.Index] > 0 ? 0 : 1)];
    }

    private StarLink? MostSurplus(ReadOnlySpan<StarLink> links)
    {
        StarLink? most = null;
        foreach (StarLink link in links)
        {
            if (_surplus[link.Index] > 0 && (most is null || _surplus[link.Index] > _surplus[most.Index]))
            {
                most = link;
            }
        }

        return most;
    }

    private IEnumerable<StarLink> Receivers(int chunk) => _here.Where(link => !link.Claimed[chunk]);

    private void Serve(StarLink receiver, StarLink holder, int chunk, bool isHeld)
    {
        StarLane lane = Lanes[receiver.Index, holder.Index];
        if (isHeld)
        {
            lane.Held.Enqueue(chunk);
        }
        else if (_handsOn.TryGetValue((holder.Index, chunk), out List<int>? receivers))
        {
            receivers.Add(receiver.Index);
        }
        else
        {
            _handsOn.Add((holder.Index, chunk), [receiver.Index]);
        }

        lane.Planned++;
        _left[holder.Index]--;
    }
}
