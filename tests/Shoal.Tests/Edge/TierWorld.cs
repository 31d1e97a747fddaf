using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Tests.Edge;

/// <summary>
/// Edges and clients around an <see cref="EdgeTier"/>: plainly kept sets of who has what, in which every rule of a tier
/// is checked when something begins, ends or is given up. Transfers end in a random order. File n has n kb.
/// </summary>
internal sealed class TierWorld
{
    public const int Files = 40;

    private readonly TierOptions _options;
    private readonly EdgeTier _tier;
    private readonly DeterministicRandom _random;
    private readonly List<TierTransfer> _flights = [];
    private readonly SortedDictionary<int, Edge> _edges = [];
    private readonly SortedDictionary<int, Client> _clients = [];
    private int _last;
    private int _failing;
    private TierFault _fault;

    private sealed record Edge(long Capacity)
    {
        public HashSet<int> Whole { get; } = [];

        public HashSet<int> Filling { get; } = [];

        public long Kb => Whole.Sum() + Filling.Sum();
    }

    private sealed class Client
    {
        public HashSet<int> Wants { get; } = [];

        public HashSet<int> Has { get; } = [];
    }

    public TierWorld(TierOptions options, DeterministicRandom? random = null)
    {
        _options = options;
        _tier = new EdgeTier(options);
        _random = random ?? new DeterministicRandom(1);
        for (int file = 1; file <= Files; file++)
        {
            Tell(new TierEvent.Named(file, file));
        }
    }

    public int Begun { get; private set; }

    public int Parted { get; private set; }

    public int Clients => _clients.Count;

    public VirtualTime? CompleteAt { get; private set; }

    public IEnumerable<int> HeldByEdges => _edges.Values.SelectMany(edge => edge.Whole.Concat(edge.Filling));

    /// <summary>Whether the tier said that it is complete, and it is true.</summary>
    public bool IsComplete { get; private set; }

    public void AddEdge(long capacity)
    {
        _edges.Add(++_last, new Edge(capacity));
        Tell(new TierEvent.EdgeJoined(new TierMember(_last), $"{_last:000}", capacity, [], []));
    }

    public void RemoveEdge()
    {
        if (_edges.Count > 0)
        {
            Remove(_edges.Keys.ElementAt(_random.Next(_edges.Count)));
        }
    }

    public void AddClient(ImmutableArray<int> list)
    {
        var member = new TierMember(++_last);
        _clients.Add(_last, new Client());
        Tell(new TierEvent.ClientJoined(member, $"{_last:000}", ListOrder.Kept));
        Want(_last, list);
        Tell(new TierEvent.Ready(member));
    }

    /// <summary>Somebody who has no list asks for a file at an edge; whether its edge began to fill it.</summary>
    public bool Ask(int file, int? edge = null)
    {
        if (_edges.Count == 0)
        {
            return false;
        }

        int begun = Begun;
        Tell(new TierEvent.Asked(new TierMember(edge ?? _edges.Keys.ElementAt(_random.Next(_edges.Count))), file));
        return Begun > begun;
    }

    /// <summary>A copy turns out to be broken on the disk of its edge.</summary>
    public void LoseCopy()
    {
        foreach ((int id, Edge edge) in _edges)
        {
            if (edge.Whole.Count == 0)
            {
                continue;
            }

            int file = edge.Whole.ElementAt(_random.Next(edge.Whole.Count));
            var member = new TierMember(id);
            edge.Whole.Remove(file);
            _flights.RemoveAll(flight => flight.Edge == member && flight.File == file);
            Tell(new TierEvent.Failed(TierTransfer.Fill(member, file), TierFault.Lost));
            return;
        }
    }

    /// <summary>Whether an edge has all of a file, in the tier's view, which must be the world's.</summary>
    public bool Holds(int edge, int file)
    {
        Edge held = _edges[edge];
        Assert.Equal(
            held.Whole.Contains(file) || held.Filling.Contains(file), _tier.Has(new TierMember(edge), file));
        return held.Whole.Contains(file);
    }

    public void RemoveClient() => Remove(_clients.Keys.ElementAt(_random.Next(_clients.Count)));

    public void WantMore(ImmutableArray<int> list) =>
        Want(_clients.Keys.ElementAt(_random.Next(_clients.Count)), list);

    public void FailDeliveries(TierFault fault) => (_failing, _fault) = (EdgeTier.MostBlames, fault);

    public void Tick() => Tell(new TierEvent.Tick());

    public void EndOne()
    {
        if (_flights.Count == 0)
        {
            return;
        }

        TierTransfer ended = _flights[_random.Next(_flights.Count)];
        if (_failing > 0 && ended.Kind == TransferKind.Delivery)
        {
            _failing--;
            Fail(ended, _fault);
            return;
        }

        _flights.Remove(ended);
        if (ended.Kind == TransferKind.Fill)
        {
            Assert.True(_edges[ended.Edge.Value].Filling.Remove(ended.File));
            _edges[ended.Edge.Value].Whole.Add(ended.File);
        }
        else
        {
            Assert.True(_clients[ended.Client.Value].Has.Add(ended.File), "a file came twice");
        }

        Tell(new TierEvent.Ended(ended));
    }

    public void FailOne(TierFault fault)
    {
        TierTransfer[] failing = [.. _flights.Where(flight => flight.Kind != TransferKind.Direct)];
        if (failing.Length > 0)
        {
            Fail(failing[_random.Next(failing.Length)], fault);
        }
    }

    public void EndAll()
    {
        while (_flights.Count > 0)
        {
            EndOne();
        }
    }

    public void RunToEnd()
    {
        for (int step = 0; step < 10_000 && !(IsComplete && _flights.Count == 0); step++)
        {
            Tick();
            EndOne();
        }

        Tick();
    }

    public void Tell(TierEvent fact)
    {
        IsComplete &= fact is not (TierEvent.Wants or TierEvent.ClientJoined);
        var effects = new List<TierEffect>();
        _tier.Apply(fact, effects);
        if (fact is TierEvent.Replaced replaced)
        {
            Forget(replaced.File);
        }

        foreach (TierEffect effect in effects)
        {
            Carry(effect);
        }

        Assert.All(_edges.Values, edge => Assert.True(edge.Kb <= edge.Capacity, "an edge holds too much"));
    }

    private void Want(int client, ImmutableArray<int> list)
    {
        _clients[client].Wants.UnionWith(list);
        Tell(new TierEvent.Wants(new TierMember(client), list));
    }

    private void Remove(int member)
    {
        _edges.Remove(member);
        _clients.Remove(member);
        _flights.RemoveAll(flight => flight.Involves(new TierMember(member)));
        Tell(new TierEvent.Left(new TierMember(member)));
    }

    private void Fail(TierTransfer transfer, TierFault fault)
    {
        _flights.Remove(transfer);
        if (transfer.Kind == TransferKind.Fill)
        {
            _edges[transfer.Edge.Value].Filling.Remove(transfer.File);
            _flights.RemoveAll(flight => flight.Edge == transfer.Edge && flight.File == transfer.File);
        }

        Tell(new TierEvent.Failed(transfer, fault));
    }

    private void Forget(int file)
    {
        _flights.RemoveAll(flight => flight.File == file);
        foreach (Edge edge in _edges.Values)
        {
            edge.Filling.Remove(file);
        }

        foreach (Client client in _clients.Values)
        {
            client.Wants.Remove(file);
        }
    }

    private void Carry(TierEffect effect)
    {
        switch (effect)
        {
            case TierEffect.Plan plan:
                Tell(new TierEvent.Planned(plan.Draft, EdgePlanner.Plan(
                    plan.Draft.Shape, plan.Draft.Demand, plan.Draft.Options, CancellationToken.None)));
                break;
            case TierEffect.Begin begin:
                Begin(begin.Transfer);
                break;
            case TierEffect.GiveUp gone:
                Assert.DoesNotContain(_flights, flight => flight.File == gone.File && flight.Edge == gone.Edge);
                _edges[gone.Edge.Value].Whole.Remove(gone.File);
                break;
            case TierEffect.PartWith part:
                Parted++;
                Remove(part.Member.Value);
                break;
            case TierEffect.Complete complete:
                CompleteAt = complete.At;
                IsComplete = true;
                Assert.All(_clients.Values, client => Assert.Superset(client.Wants, client.Has));
                break;
            default:
                break;
        }
    }

    private void Begin(TierTransfer transfer)
    {
        Begun++;
        Assert.DoesNotContain(transfer, _flights);
        _flights.Add(transfer);
        switch (transfer.Kind)
        {
            case TransferKind.Fill:
                Edge edge = _edges[transfer.Edge.Value];
                Assert.DoesNotContain(transfer.File, edge.Whole);
                Assert.True(edge.Filling.Add(transfer.File), "an edge is sent a file that it fills");
                break;
            case TransferKind.Delivery:
                Assert.True(Has(_edges[transfer.Edge.Value], transfer.File), "an edge is to send what it lacks");
                break;
            default:
                Assert.Contains(transfer.File, _clients[transfer.Client.Value].Wants);
                break;
        }
    }

    // By the wall's clock an edge passes on what it fills.
    private bool Has(Edge edge, int file) => edge.Whole.Contains(file)
        || (_options.Clock == TierClock.Wall && edge.Filling.Contains(file));
}
