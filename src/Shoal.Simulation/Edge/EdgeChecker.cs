using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Simulation.Edge;

/// <summary>
/// Judges a run of an edge tier by its trace alone, against every rule of the model; it shares no code with the
/// machine, its strategies, its links and the planner. Entries may come in any order.
/// </summary>
public sealed class EdgeChecker
{
    // The model's ends are whole nanoseconds, rounded up; some dozens of roundings may add up along a connection.
    private const double Tolerance = 50;

    private readonly EdgeShape _shape;
    private readonly EdgeDemand _demand;
    private readonly EdgePlanOptions _options;

    /// <summary>Creates a checker.</summary>
    /// <param name="shape">The links and the capacity.</param>
    /// <param name="demand">The lists, as they were given.</param>
    /// <param name="options">
    /// Whether their order is kept, how many direct transfers are allowed, what was prefilled.
    /// </param>
    public EdgeChecker(EdgeShape shape, EdgeDemand demand, EdgePlanOptions options)
    {
        _shape = shape;
        _demand = demand;
        _options = options;
    }

    /// <summary>Judges a trace.</summary>
    /// <exception cref="BrokenRuleException">It breaks a rule.</exception>
    public void Check(ImmutableArray<EdgeTraceEntry> trace)
    {
        var moved = trace.OfType<EdgeTraceEntry.Moved>().ToList();
        foreach (EdgeTraceEntry.Moved one in moved)
        {
            CheckPlaces(one);
        }

        foreach (var connection in moved.GroupBy(one =>
            (one.Transfer.Kind, one.Transfer.Edge, one.Transfer.Client)))
        {
            CheckShares([.. connection], RateOf(connection.Key.Kind));
        }

        CheckClients(moved);
        for (int edge = 0; edge < _shape.Edges; edge++)
        {
            CheckEdge(edge, trace);
        }
    }

    private void CheckPlaces(EdgeTraceEntry.Moved one)
    {
        (TransferKind kind, int edge, int client, int file) = one.Transfer;
        bool isRight = file >= 0 && file < _demand.Files && kind switch
        {
            TransferKind.Direct => edge == -1 && client >= 0 && client < _demand.Clients,
            TransferKind.Fill => edge >= 0 && edge < _shape.Edges && client == -1,
            TransferKind.Delivery => edge >= 0 && edge < _shape.Edges && client >= 0 && client < _demand.Clients,
            _ => false,
        };
        Require(isRight, one, "goes from or to nobody");
        Require(one.Start >= VirtualTime.Zero && one.End >= one.Start, one, "ends before it starts");
    }

    private long RateOf(TransferKind kind) => kind switch
    {
        TransferKind.Direct => _shape.OriginToClient,
        TransferKind.Fill => _shape.OriginToEdge,
        _ => _shape.EdgeToClient,
    };

    /// <summary>
    /// Whoever is in flight on a connection gets the same share: between its start and its end that must be its size.
    /// </summary>
    private void CheckShares(List<EdgeTraceEntry.Moved> transfers, long rate)
    {
        var ends = transfers.OrderBy(one => one.End).ToList();
        var atStart = new Dictionary<EdgeTraceEntry.Moved, double>(ReferenceEqualityComparer.Instance);
        double share = 0;
        long now = 0;
        int inFlight = 0;
        int ended = 0;
        foreach (EdgeTraceEntry.Moved next in transfers.OrderBy(one => one.Start).Append(null!))
        {
            while (ended < ends.Count && (next is null || ends[ended].End <= next.Start))
            {
                EdgeTraceEntry.Moved one = ends[ended++];
                Require(atStart.ContainsKey(one), one, "takes no time");
                GoOn(one.End);
                inFlight--;
                double size = _demand.Sizes[one.Transfer.File];
                double allowed = Tolerance * rate / 1e9;
                Require(Math.Abs(share - atStart[one] - size) <= allowed, one, "does not take as long as its share");
            }

            if (next is not null)
            {
                GoOn(next.Start);
                inFlight++;
                atStart.Add(next, share);
            }
        }

        void GoOn(VirtualTime time)
        {
            share += inFlight == 0 ? 0 : (time.Nanoseconds - now) * (rate / 1e9) / inFlight;
            now = time.Nanoseconds;
        }
    }

    private void CheckClients(List<EdgeTraceEntry.Moved> moved)
    {
        var gets = moved.Where(one => one.Transfer.Kind != TransferKind.Fill)
            .ToLookup(one => one.Transfer.Client);
        for (int client = 0; client < _demand.Clients; client++)
        {
            var starts = new Dictionary<int, EdgeTraceEntry.Moved>();
            foreach (EdgeTraceEntry.Moved one in gets[client])
            {
                Require(starts.TryAdd(one.Transfer.File, one), one, "is a second one");
            }

            VirtualTime before = VirtualTime.Zero;
            foreach (int file in _demand.FileOf[_demand.StartOf(client).._demand.StartOf(client + 1)])
            {
                if (!starts.Remove(file, out EdgeTraceEntry.Moved? one))
                {
                    throw new BrokenRuleException(
                        before, $"client {client + 1} never gets file {_demand.Numbers[file]}.");
                }

                Require(_options.Order == ListOrder.Free || one.Start >= before, one, "starts before its predecessor");
                before = one.Start;
            }

            foreach (EdgeTraceEntry.Moved one in starts.Values)
            {
                Require(false, one, "is not wanted");
            }

            if (_options.Limit == DirectLimit.One)
            {
                CheckOneAtATime(gets[client].Where(one => one.Transfer.Kind == TransferKind.Direct));
            }
        }
    }

    private void CheckOneAtATime(IEnumerable<EdgeTraceEntry.Moved> direct)
    {
        VirtualTime free = VirtualTime.Zero;
        foreach (EdgeTraceEntry.Moved one in direct.OrderBy(one => one.Start).ThenBy(one => one.End))
        {
            Require(one.Start >= free, one, "is a second direct transfer at once");
            free = one.End;
        }
    }

    private void CheckEdge(int edge, ImmutableArray<EdgeTraceEntry> trace)
    {
        var steps = new List<EdgeStep>();
        foreach (EdgeTraceEntry entry in trace)
        {
            switch (entry)
            {
                case EdgeTraceEntry.Moved one when one.Transfer.Edge == edge && one.Transfer.Kind == TransferKind.Fill:
                    steps.Add(new EdgeStep(one.Start, EdgeStepKind.FillStart, one.Transfer.File));
                    steps.Add(new EdgeStep(one.End, EdgeStepKind.FillEnd, one.Transfer.File));
                    break;
                case EdgeTraceEntry.Moved one when one.Transfer.Edge == edge:
                    steps.Add(new EdgeStep(one.Start, EdgeStepKind.DeliveryStart, one.Transfer.File));
                    steps.Add(new EdgeStep(one.End, EdgeStepKind.DeliveryEnd, one.Transfer.File));
                    break;
                case EdgeTraceEntry.Evicted one when one.Edge == edge:
                    steps.Add(new EdgeStep(one.Time, EdgeStepKind.Eviction, one.File));
                    break;
                default:
                    break;
            }
        }

        var shelf = new CheckedShelf(edge, _shape.CapacityKb, _demand);
        for (int file = 0; file < _options.Prefilled.Length; file++)
        {
            if (_options.Prefilled[file] == edge)
            {
                shelf.Take(new EdgeStep(VirtualTime.Zero, EdgeStepKind.FillStart, file));
                shelf.Take(new EdgeStep(VirtualTime.Zero, EdgeStepKind.FillEnd, file));
            }
        }

        foreach (EdgeStep step in steps.OrderBy(step => step.Time).ThenBy(step => step.Kind))
        {
            shelf.Take(step);
        }
    }

    private void Require(bool holds, EdgeTraceEntry.Moved one, string what)
    {
        if (!holds)
        {
            int file = one.Transfer.File;
            string name = file >= 0 && file < _demand.Files ? $"file {_demand.Numbers[file]}" : $"number {file}";
            throw new BrokenRuleException(
                one.Start,
                $"{one.Transfer.Kind} of {name}, edge {one.Transfer.Edge + 1}, client {one.Transfer.Client + 1}, "
                + $"{what}.");
        }
    }
}
