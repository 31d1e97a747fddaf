using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Time;

namespace Shoal.Simulation.Edge;

/// <summary>What came of a simulated edge tier, all of it read from its trace.</summary>
public sealed class EdgeRun
{
    private readonly EdgeDemand _demand;
    private readonly EdgePart[] _edges;
    private readonly EdgeClientPart[] _clients;
    private readonly HashSet<(int Edge, int File)> _fresh = [];

    /// <summary>Reads a trace that keeps the rules.</summary>
    /// <param name="policy">Who decided.</param>
    /// <param name="shape">The links.</param>
    /// <param name="demand">The lists.</param>
    /// <param name="prefilled">
    /// For each file the edge that held it before the clock started, or -1; empty: none.
    /// </param>
    /// <param name="trace">The trace, in the order in which things ended.</param>
    public EdgeRun(
        EdgePolicy policy, EdgeShape shape, EdgeDemand demand, ImmutableArray<int> prefilled,
        ImmutableArray<EdgeTraceEntry> trace)
    {
        Policy = policy;
        Trace = trace;
        _demand = demand;
        _edges = [.. Enumerable.Range(0, shape.Edges).Select(_ => new EdgePart())];
        _clients = [.. Enumerable.Range(0, demand.Clients).Select(_ => new EdgeClientPart())];
        foreach (EdgeTraceEntry.Moved moved in trace.OfType<EdgeTraceEntry.Moved>())
        {
            Count(moved);
        }

        CountPeaks(prefilled);
    }

    /// <summary>Who decided.</summary>
    public EdgePolicy Policy { get; }

    /// <summary>All that happened, in the order in which it ended.</summary>
    public ImmutableArray<EdgeTraceEntry> Trace { get; }

    /// <summary>When everybody had everything.</summary>
    public VirtualTime Makespan { get; private set; }

    /// <summary>What left the origin, in kb.</summary>
    public long OriginKb { get; private set; }

    /// <summary>Every edge's part.</summary>
    public IReadOnlyList<EdgePart> Edges => _edges;

    /// <summary>Every client's part.</summary>
    public IReadOnlyList<EdgeClientPart> Clients => _clients;

    private void Count(EdgeTraceEntry.Moved moved)
    {
        EdgeTransfer transfer = moved.Transfer;
        int size = _demand.Sizes[transfer.File];
        Makespan = moved.End > Makespan ? moved.End : Makespan;
        OriginKb += transfer.Kind == TransferKind.Delivery ? 0 : size;
        switch (transfer.Kind)
        {
            case TransferKind.Fill:
                _edges[transfer.Edge].ReceivedKb += size;
                _fresh.Add((transfer.Edge, transfer.File));
                break;
            case TransferKind.Delivery:
                EdgePart edge = _edges[transfer.Edge];
                edge.SentKb += size;
                bool isMiss = _fresh.Remove((transfer.Edge, transfer.File));
                edge.Misses += isMiss ? 1 : 0;
                edge.Hits += isMiss ? 0 : 1;
                _clients[transfer.Client].Add(moved, size);
                break;
            default:
                EdgeClientPart client = _clients[transfer.Client];
                client.DirectFiles++;
                client.DirectKb += size;
                client.Add(moved, size);
                break;
        }
    }

    private void CountPeaks(ImmutableArray<int> prefilled)
    {
        long[] held = new long[_edges.Length];
        for (int file = 0; file < prefilled.Length; file++)
        {
            if (prefilled[file] >= 0)
            {
                held[prefilled[file]] += _demand.Sizes[file];
            }
        }

        // At one instant what goes makes room for what comes.
        var changes = new List<(VirtualTime Time, int Edge, int Kb)>();
        foreach (EdgeTraceEntry entry in Trace)
        {
            if (entry is EdgeTraceEntry.Evicted evicted)
            {
                changes.Add((evicted.Time, evicted.Edge, -_demand.Sizes[evicted.File]));
            }
            else if (entry is EdgeTraceEntry.Moved { Transfer.Kind: TransferKind.Fill } fill)
            {
                changes.Add((fill.Start, fill.Transfer.Edge, _demand.Sizes[fill.Transfer.File]));
            }
        }

        foreach ((EdgePart part, long kb) in _edges.Zip(held))
        {
            part.PeakKb = kb;
        }

        foreach ((_, int edge, int kb) in changes.OrderBy(change => change.Time).ThenBy(change => change.Kb))
        {
            held[edge] += kb;
            _edges[edge].PeakKb = Math.Max(_edges[edge].PeakKb, held[edge]);
        }
    }
}
