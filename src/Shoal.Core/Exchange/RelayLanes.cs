using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// What a peer is going to ask of the hub's relay: a lane for each owner, in the order in which the hub named the
/// chunks, which is the same for every peer. Lanes take turns, so that all owners upload at once; each has many more
/// requests open than a direct connection would, so that the wishes of several peers for a chunk overlap in time and
/// its owner uploads it once. What waits costs the hub no memory: it asks an owner for a few chunks at a time.
/// </summary>
internal sealed class RelayLanes(SwarmCatalog catalog)
{
    /// <summary>So many requests of a lane are open at most.</summary>
    public const int Depth = 64;

    private sealed class Lane
    {
        public Queue<int> Waiting { get; } = new();

        public int Open { get; set; }
    }

    private readonly Dictionary<PeerId, Lane> _byOwner = [];
    private readonly List<Lane> _lanes = [];
    private readonly Dictionary<int, Lane> _open = [];
    private int _turn;

    /// <summary>Chunks that wait to be asked for; some may have come meanwhile.</summary>
    public int Waiting { get; private set; }

    /// <summary>
    /// Queues a chunk behind those of the same owner; chunks of several holders have a lane together.
    /// </summary>
    public void Add(int chunk)
    {
        PeerId owner = catalog.ContentOf(chunk).Owner ?? PeerId.Relay;
        if (!_byOwner.TryGetValue(owner, out Lane? lane))
        {
            lane = new Lane();
            _byOwner.Add(owner, lane);
            _lanes.Add(lane);
        }

        lane.Waiting.Enqueue(chunk);
        Waiting++;
    }

    /// <summary>Takes the next chunk of the next lane that may have one more request open.</summary>
    public bool TryTake(out int chunk)
    {
        for (int i = 0; i < _lanes.Count; i++)
        {
            Lane lane = _lanes[_turn];
            _turn = (_turn + 1) % _lanes.Count;
            if (lane.Open < Depth && lane.Waiting.TryDequeue(out chunk))
            {
                Waiting--;
                return true;
            }
        }

        chunk = -1;
        return false;
    }

    /// <summary>A chunk has been asked for.</summary>
    public void Opened(int chunk)
    {
        PeerId owner = catalog.ContentOf(chunk).Owner ?? PeerId.Relay;
        if (_byOwner.TryGetValue(owner, out Lane? lane) && _open.TryAdd(chunk, lane))
        {
            lane.Open++;
        }
    }

    /// <summary>A chunk that was asked for has come, or will not.</summary>
    public void Closed(int chunk)
    {
        if (_open.Remove(chunk, out Lane? lane))
        {
            lane.Open--;
        }
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        foreach (Lane lane in _lanes)
        {
            lane.Waiting.Clear();
        }

        Waiting = 0;
    }
}
