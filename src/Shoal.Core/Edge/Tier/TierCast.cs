namespace Shoal.Core.Edge.Tier;

/// <summary>An edge of a live tier.</summary>
internal sealed class TierEdge(TierMember member, string name, long capacityKb)
{
    public TierMember Member { get; } = member;

    public string Name { get; } = name;

    public long CapacityKb { get; set; } = capacityKb;

    /// <summary>The files that are wholly there.</summary>
    public SortedSet<int> Copies { get; } = [];

    /// <summary>Files of which it has a part from an earlier run.</summary>
    public SortedSet<int> Rests { get; } = [];

    /// <summary>Files on no list that are wholly there, what was asked for longest ago first.</summary>
    public List<int> Spares { get; } = [];

    /// <summary>Files on no list that it fills, because somebody asked for them there.</summary>
    public HashSet<int> Asked { get; } = [];

    /// <summary>How often clients found that it had sent a wrong chunk.</summary>
    public int Blames { get; set; }
}

/// <summary>A client of a live tier.</summary>
internal sealed class TierClient(TierMember member, string name, ListOrder order)
{
    private readonly List<int> _wanted = [];
    private readonly HashSet<int> _known = [];
    private readonly HashSet<int> _started = [];

    public TierMember Member { get; } = member;

    public string Name { get; } = name;

    public ListOrder Order { get; } = order;

    public bool IsReady { get; set; }

    /// <summary>What it wants and has not started, in the order of its list.</summary>
    public IEnumerable<int> Waiting => _wanted.Where(file => !_started.Contains(file));

    public bool HasWaiting => _started.Count < _wanted.Count;

    /// <summary>How many files it has named.</summary>
    public int Wanted => _wanted.Count;

    /// <summary>Whether a file was not on its list yet.</summary>
    public bool Add(int file)
    {
        if (!_known.Add(file))
        {
            return false;
        }

        _wanted.Add(file);
        return true;
    }

    public void Start(int file) => _started.Add(file);

    public void GoBack(int file) => _started.Remove(file);

    /// <summary>Puts a successor in the place of a file that it has not got; 0: none.</summary>
    public void Replace(int file, int successor)
    {
        int at = _wanted.IndexOf(file);
        if (at < 0)
        {
            return;
        }

        _started.Remove(file);
        _known.Remove(file);
        if (successor > 0 && _known.Add(successor))
        {
            _wanted[at] = successor;
        }
        else
        {
            _wanted.RemoveAt(at);
        }
    }
}

/// <summary>Who is in a live tier, and where everything stands: what holds whatever the plan.</summary>
internal sealed class TierCast
{
    private readonly SortedDictionary<int, TierEdge> _edges = [];
    private readonly SortedDictionary<int, TierClient> _clients = [];
    private readonly Dictionary<int, int> _sizes = [];

    public IReadOnlyCollection<TierEdge> Edges => _edges.Values;

    public IReadOnlyCollection<TierClient> Clients => _clients.Values;

    /// <summary>What is on its way.</summary>
    public HashSet<TierTransfer> Flights { get; } = [];

    /// <summary>Files that go past the edges, because an edge failed with them.</summary>
    public HashSet<int> PassesBy { get; } = [];

    public int SizeOf(int file) => _sizes[file];

    public void Name(int file, int kb) => _sizes[file] = kb;

    public bool Knows(int file) => _sizes.ContainsKey(file);

    public TierEdge? FindEdge(TierMember member) => _edges.GetValueOrDefault(member.Value);

    public TierClient? FindClient(TierMember member) => _clients.GetValueOrDefault(member.Value);

    public void Add(TierEdge edge) => _edges.Add(edge.Member.Value, edge);

    public void Add(TierClient client) => _clients.Add(client.Member.Value, client);

    /// <summary>Takes a member off, and what it took part in; what was on its way to others goes back.</summary>
    public bool Remove(TierMember member)
    {
        bool wasHere = _edges.Remove(member.Value) || _clients.Remove(member.Value);
        GoBack(flight => flight.Involves(member));
        return wasHere;
    }

    /// <summary>An edge has lost a copy, and whatever it was sending of it; false: it had none.</summary>
    public bool LoseCopy(TierTransfer fill)
    {
        if (fill.Kind != TransferKind.Fill || FindEdge(fill.Edge) is not { } edge
            || !(edge.Copies.Remove(fill.File) | edge.Spares.Remove(fill.File)))
        {
            return false;
        }

        TakeBack(fill);
        return true;
    }

    /// <summary>An edge does not have a file, or not all of it: what it was sending of it goes back.</summary>
    public void TakeBack(TierTransfer fill) =>
        GoBack(flight => flight.Edge == fill.Edge && flight.File == fill.File);

    /// <summary>What somebody wants that has not started.</summary>
    public HashSet<int> Waiting() => [.. Clients.SelectMany(client => client.Waiting)];

    /// <summary>Whether an edge holds or fills a file for a list.</summary>
    public bool IsOnEdge(int file) => Edges.Any(edge => edge.Copies.Contains(file))
        || Flights.Any(flight => flight.Kind == TransferKind.Fill && flight.File == file);

    /// <summary>What lists still want and no edge has for them, but for one file, in kb.</summary>
    public long NeedKb(int except) => Waiting()
        .Where(file => file != except && !IsOnEdge(file))
        .Sum(file => (long)SizeOf(file));

    /// <summary>What an edge holds or fills, in kb.</summary>
    public long HeldKb(TierEdge edge) => SumKb(edge.Copies.Concat(edge.Rests)) + SpareKb(edge)
        + SumKb(Flights
            .Where(flight => flight.Kind == TransferKind.Fill && flight.Edge == edge.Member)
            .Select(flight => flight.File));

    /// <summary>What an edge holds or fills of what is on no list, in kb.</summary>
    public long SpareKb(TierEdge edge) => SumKb(edge.Spares.Concat(edge.Asked));

    private void GoBack(Func<TierTransfer, bool> isOver)
    {
        foreach (TierTransfer flight in Flights.Where(isOver).ToArray())
        {
            Flights.Remove(flight);
            FindClient(flight.Client)?.GoBack(flight.File);
        }
    }

    private long SumKb(IEnumerable<int> files) => files.Sum(file => (long)SizeOf(file));
}
