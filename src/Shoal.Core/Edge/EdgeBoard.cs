namespace Shoal.Core.Edge;

/// <summary>
/// Where everything stands in an edge tier. Flat arrays, because a search plays thousands of runs; a file is on one
/// edge at most, as every client reaches every edge.
/// </summary>
internal sealed class EdgeBoard
{
    public const int Nowhere = -1;

    private readonly int[] _starts;
    private readonly int[] _wants;
    private readonly int[] _prefilled;
    private readonly long[] _capacities;
    private readonly EdgeTransfer[] _carried;
    private readonly bool[] _isTooLarge;

    public EdgeBoard(EdgeSetup setup)
    {
        Shape = setup.Shape;
        Demand = setup.Demand;
        Clients = Demand.Clients;
        Edges = Shape.Edges;
        FileOf = Demand.FileOf.ToArray();
        Sizes = Demand.Sizes.ToArray();
        _starts = [.. Enumerable.Range(0, Clients).Select(Demand.StartOf)];
        Ends = [.. Enumerable.Range(1, Clients).Select(Demand.StartOf)];
        _wants = [.. Enumerable.Range(0, Demand.Files).Select(file => Demand.WantsOf(file).Length)];
        _prefilled = [.. setup.Prefilled];
        _carried = [.. setup.Carried];
        _capacities = [.. Enumerable.Range(0, Edges).Select(Shape.CapacityOf)];
        _isTooLarge = [.. Sizes.Select((size, file) => Edges == 0 || size > Shape.LargestKb
            || (!setup.PassesBy.IsEmpty && setup.PassesBy[file]))];
        Heads = new int[Clients];
        Direct = new int[Clients];
        IsStarted = new bool[Demand.Requests];
        Remaining = new int[Demand.Files];
        EdgeOf = new int[Demand.Files];
        IsFilled = new bool[Demand.Files];
        Uses = new int[Demand.Files];
        Filling = new int[Edges];
        Deliveries = new int[Edges * Clients];
        Free = new long[Edges];
        Clear();
    }

    public EdgeShape Shape { get; }

    public EdgeDemand Demand { get; }

    public int Clients { get; }

    public int Edges { get; }

    /// <summary>The file of every request.</summary>
    public int[] FileOf { get; }

    /// <summary>The size of every file in kb.</summary>
    public int[] Sizes { get; }

    /// <summary>Behind the last request of every client.</summary>
    public int[] Ends { get; }

    /// <summary>The first request of every client that has not started.</summary>
    public int[] Heads { get; }

    /// <summary>How many direct transfers every client has in flight.</summary>
    public int[] Direct { get; }

    /// <summary>Which requests have started.</summary>
    public bool[] IsStarted { get; }

    /// <summary>The remaining demand: how many requests for every file have not started.</summary>
    public int[] Remaining { get; }

    /// <summary>Which edge holds or fills every file.</summary>
    public int[] EdgeOf { get; }

    /// <summary>Which files are wholly on their edge.</summary>
    public bool[] IsFilled { get; }

    /// <summary>How many deliveries of every file are in flight.</summary>
    public int[] Uses { get; }

    /// <summary>What every edge fills just now.</summary>
    public int[] Filling { get; }

    /// <summary>How many deliveries from every edge to every client are in flight, edge by edge.</summary>
    public int[] Deliveries { get; }

    /// <summary>What every edge has room for, in kb.</summary>
    public long[] Free { get; }

    /// <summary>How many transfers are in flight.</summary>
    public int InFlight { get; set; }

    /// <summary>Gets what is to be done.</summary>
    public List<EdgeEffect> Effects { get; set; } = [];

    /// <summary>Whether nothing is in flight; then everybody has everything, or nothing can go on.</summary>
    public bool IsOver => InFlight == 0;

    public void Clear()
    {
        _starts.CopyTo(Heads, 0);
        _wants.CopyTo(Remaining, 0);
        Array.Clear(Direct);
        Array.Clear(IsStarted);
        Array.Fill(EdgeOf, Nowhere);
        Array.Clear(IsFilled);
        Array.Clear(Uses);
        Array.Fill(Filling, Nowhere);
        _capacities.CopyTo(Free, 0);
        Array.Clear(Deliveries);
        InFlight = 0;
    }

    /// <summary>Puts on the edges what is there before the clock starts, and goes on with what is in flight.</summary>
    public void Prefill(EdgeStrategy strategy)
    {
        foreach (EdgeTransfer carried in _carried)
        {
            Carry(carried, strategy);
        }

        for (int file = 0; file < _prefilled.Length; file++)
        {
            if (_prefilled[file] != Nowhere)
            {
                Take(_prefilled[file], file);
                IsFilled[file] = true;
                if (Uses[file] == 0)
                {
                    strategy.OnIdle(file);
                }
                else
                {
                    strategy.OnCarried(file);
                }
            }
        }
    }

    /// <summary>Whether no edge can or may hold a file.</summary>
    public bool IsTooLarge(int file) => _isTooLarge[file];

    public void StartDirect(int client, int file)
    {
        Start(client, file);
        Direct[client]++;
        Begin(EdgeTransfer.Direct(client, file));
    }

    /// <summary>Lets an edge send a file; whether it was idle there.</summary>
    public bool StartDelivery(int client, int file)
    {
        Start(client, file);
        Begin(EdgeTransfer.Delivery(EdgeOf[file], client, file));
        Deliveries[(EdgeOf[file] * Clients) + client]++;
        return Uses[file]++ == 0 && IsFilled[file];
    }

    /// <summary>Lets an edge that has room for a file receive it.</summary>
    public void Fill(int edge, int file)
    {
        Filling[edge] = file;
        Take(edge, file);
        Begin(EdgeTransfer.Fill(edge, file));
    }

    /// <summary>Lets the edge of an idle file give it up.</summary>
    public void Evict(int file)
    {
        int edge = EdgeOf[file];
        Free[edge] += Sizes[file];
        EdgeOf[file] = Nowhere;
        IsFilled[file] = false;
        Effects.Add(new EdgeEffect(EdgeEffectKind.Evict, new EdgeTransfer(TransferKind.Fill, edge, Nowhere, file)));
    }

    private void Carry(EdgeTransfer carried, EdgeStrategy strategy)
    {
        InFlight++;
        switch (carried.Kind)
        {
            case TransferKind.Fill:
                Filling[carried.Edge] = carried.File;
                Take(carried.Edge, carried.File);
                strategy.OnCarried(carried.File);
                break;
            case TransferKind.Delivery:
                Deliveries[(carried.Edge * Clients) + carried.Client]++;
                Uses[carried.File]++;
                break;
            default:
                Direct[carried.Client]++;
                break;
        }
    }

    private void Take(int edge, int file)
    {
        Free[edge] -= Sizes[file];
        EdgeOf[file] = edge;
    }

    private void Start(int client, int file)
    {
        IsStarted[Heads[client]++] = true;
        Remaining[file]--;
    }

    private void Begin(EdgeTransfer transfer)
    {
        InFlight++;
        Effects.Add(new EdgeEffect(EdgeEffectKind.Begin, transfer));
    }
}
