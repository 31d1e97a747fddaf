using System.Numerics;

namespace Shoal.Core.Edge;

/// <summary>
/// What an order of starts costs, counted without a clock: walks the requests for shared files in their order, keeps
/// copies within the capacity of all edges together, gives up the copy whose next use is furthest, and does not keep a
/// file that would itself be furthest (Belady, 1966, with bypass). The cost is what is fetched again, and what a
/// client's own connection could have carried while the order lets it wait. A tenth of the work of a whole run.
/// </summary>
internal sealed class CopyCounter
{
    private const int Never = int.MaxValue;

    private readonly EdgeShape _shape;
    private readonly long _capacity;
    private readonly long _budget;
    private readonly int _requests;
    private readonly SharedRequests _shared;
    private readonly LeavingCopies _leaving;

    // The merged order of requests for shared files, and the state of a walk.
    private readonly int[] _heads;
    private readonly int[] _headKeys;
    private readonly int[] _files;
    private readonly int[] _sizes;
    private readonly int[] _ids;
    private readonly int[] _clients;
    private readonly int[] _next;
    private readonly int[] _lastPlace;
    private readonly ulong[] _kept;
    private readonly long[] _busyUntil;
    private readonly long[] _straight;
    private int _topWord;
    private long _free;
    private long _fills;
    private long _aheads;
    private int _givings;

    /// <summary>Makes a counter for a demand.</summary>
    /// <param name="shape">The links.</param>
    /// <param name="demand">The lists.</param>
    /// <param name="capacity">The kb that all edges keep for later together, without what passes through.</param>
    public CopyCounter(EdgeShape shape, EdgeDemand demand, long capacity)
    {
        _shape = shape;
        _capacity = capacity;
        _requests = demand.Requests;
        _budget = demand.DistinctKb * shape.OriginToClient / shape.OriginRate(demand.Clients);
        _shared = new SharedRequests(demand);
        int count = _shared.Requests.Length;
        _leaving = new LeavingCopies(count, demand.Clients);
        _heads = new int[demand.Clients];
        _headKeys = new int[demand.Clients];
        _files = new int[count];
        _sizes = new int[count];
        _ids = new int[count];
        _clients = new int[count];
        _next = new int[count];
        _lastPlace = new int[count];
        _kept = new ulong[(count / 64) + 1];
        _busyUntil = new long[demand.Clients];
        _straight = new long[demand.Clients];
    }

    /// <summary>
    /// How many starts ahead, on average, what had no room would have been used next, the nearest where several were
    /// given up at once, in the order that was counted last; 0: there was always room.
    /// </summary>
    public long GivenUpAhead =>
        _givings == 0 ? 0 : _aheads * _requests / ((long)_givings * Math.Max(1, _shared.Requests.Length));

    /// <summary>The cost in kb if lists are merged by keys, one a request.</summary>
    public long Count(int[] keys)
    {
        Merge(keys);
        Array.Fill(_lastPlace, Never);
        for (int place = _files.Length - 1; place >= 0; place--)
        {
            int file = _files[place];
            _next[place] = _lastPlace[file];
            _lastPlace[file] = place;
        }

        Array.Clear(_kept);
        _topWord = 0;
        _leaving.Clear();
        _free = _capacity;
        _fills = 0;
        _aheads = 0;
        _givings = 0;
        for (int client = 0; client < _heads.Length; client++)
        {
            _busyUntil[client] = _straight[client] = _shared.SoleFirst[client];
        }

        return Walk();
    }

    private long Walk()
    {
        long cost = 0;
        long toEdges = _shape.OriginToEdge * _shape.Edges;
        for (int place = 0; place < _files.Length; place++)
        {
            int size = _sizes[place];
            _free += _leaving.TakeGone(_fills);
            if ((_kept[place >> 6] & (1UL << (place & 63))) != 0)
            {
                Serve(place, size);
            }
            else
            {
                _fills += size;
                cost += _lastPlace[_files[place]] != place ? size : 0;
            }

            // Time is the kb that a direct connection carries in it, while those to edges carry their fills.
            cost += Pass(place, _fills * _shape.OriginToClient / toEdges);
            int next = _next[place];
            if (next != Never && MakeRoom(place, size, next))
            {
                _free -= size;
                _kept[next >> 6] |= 1UL << (next & 63);
                _topWord = Math.Max(_topWord, next >> 6);
            }
        }

        return cost;
    }

    private void Serve(int place, int size)
    {
        _kept[place >> 6] &= ~(1UL << (place & 63));
        long done = _leaving.Send(_clients[place], _fills, size);
        if (_next[place] == Never)
        {
            _leaving.Add(done, size);
        }
        else
        {
            _free += size;
        }
    }

    /// <summary>
    /// A client passes a place and all that only it wants up to its next: how long its line had idled.
    /// </summary>
    private long Pass(int place, long clock)
    {
        int client = _clients[place];
        int sole = _shared.SoleAfter[_ids[place]];
        if (_straight[client] >= _budget)
        {
            _fills += sole;
            return 0;
        }

        long idle = Math.Max(0, clock - _busyUntil[client]);
        _busyUntil[client] += idle + sole;
        _straight[client] += sole;
        return idle;
    }

    private bool MakeRoom(int now, int size, int next)
    {
        if (_free >= size)
        {
            return true;
        }

        // First whether there is enough, then the giving up.
        long room = _free;
        for (int word = _topWord; word >= next >> 6; word--)
        {
            ulong bits = _kept[word];
            while (bits != 0)
            {
                int place = (word << 6) + 63 - BitOperations.LeadingZeroCount(bits);
                if (place < next)
                {
                    NoteGivenUp(next - now);
                    return false;
                }

                room += _sizes[place];
                if (room >= size)
                {
                    GiveUpFrom(place);
                    NoteGivenUp(place - now);
                    _free = room;
                    return true;
                }

                bits &= ~(1UL << (place & 63));
            }
        }

        NoteGivenUp(next - now);
        return false;
    }

    private void NoteGivenUp(int ahead)
    {
        _aheads += ahead;
        _givings++;
    }

    private void GiveUpFrom(int place)
    {
        Array.Clear(_kept, (place >> 6) + 1, _topWord - (place >> 6));
        _kept[place >> 6] &= (1UL << (place & 63)) - 1;
        _topWord = place >> 6;
    }

    private void Merge(int[] keys)
    {
        for (int client = 0; client < _heads.Length; client++)
        {
            _heads[client] = _shared.Starts[client];
            SetHeadKey(keys, client);
        }

        for (int place = 0; place < _files.Length; place++)
        {
            int first = 0;
            for (int client = 1; client < _headKeys.Length; client++)
            {
                first = _headKeys[client] < _headKeys[first] ? client : first;
            }

            int id = _heads[first]++;
            _clients[place] = first;
            _ids[place] = id;
            _files[place] = _shared.Files[id];
            _sizes[place] = _shared.Sizes[id];
            SetHeadKey(keys, first);
        }
    }

    private void SetHeadKey(int[] keys, int client) => _headKeys[client] =
        _heads[client] < _shared.Starts[client + 1] ? keys[_shared.Requests[_heads[client]]] : Never;
}
