using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>
/// Plays plans, one after the other, with the machine itself, and says what came of the last one. Where a machine does
/// not mind when a direct transfer ends, it is not told: it only matters when the last one does.
/// </summary>
internal sealed class PlanScorer
{
    private readonly EdgeMachine _machine;
    private readonly EdgeLinks _links;
    private readonly List<EdgeEffect> _effects = [];
    private readonly ImmutableArray<EdgeTransfer> _carried;
    private readonly EdgeDemand _demand;
    private readonly EdgeShape _shape;
    private readonly VirtualTime[] _directEnds;
    private readonly VirtualTime[] _fillEnds;
    private VirtualTime _now;

    /// <summary>Prepares to play plans for a setup.</summary>
    public PlanScorer(EdgeSetup setup)
    {
        _machine = new EdgeMachine(setup);
        _links = EdgeLinks.Of(setup);
        _carried = setup.Carried;
        _demand = setup.Demand;
        _shape = setup.Shape;
        _directEnds = new VirtualTime[_demand.Clients];
        _fillEnds = new VirtualTime[_shape.Edges];
    }

    /// <summary>When everything had ended.</summary>
    public VirtualTime Makespan
    {
        get
        {
            VirtualTime last = _now;
            foreach (VirtualTime end in _directEnds)
            {
                last = end > last ? end : last;
            }

            return last;
        }
    }

    /// <summary>How much left the origin, in kb.</summary>
    public long OriginKb { get; private set; }

    /// <summary>When the last direct transfer of each client ended.</summary>
    public ReadOnlySpan<VirtualTime> DirectEnds => _directEnds;

    /// <summary>
    /// When everything would have ended if what is left of some of the origin's connections could be shared by all:
    /// what leaves the origin, and the time in which its connections idled. Budgets alone bring the makespan near it.
    /// </summary>
    public VirtualTime Balanced
    {
        get
        {
            Int128 sum = 0;
            foreach (VirtualTime end in _directEnds)
            {
                sum += (Int128)end.Nanoseconds * _shape.OriginToClient;
            }

            foreach (VirtualTime end in _fillEnds)
            {
                sum += (Int128)end.Nanoseconds * _shape.OriginToEdge;
            }

            return new VirtualTime((long)(sum / _shape.OriginRate(_directEnds.Length)));
        }
    }

    /// <summary>Plays a plan.</summary>
    public void Play(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
        _now = VirtualTime.Zero;
        OriginKb = 0;
        Array.Clear(_directEnds);
        Array.Clear(_fillEnds);
        _machine.Restart(order, budgets);
        _links.Clear();
        foreach (EdgeTransfer carried in _carried)
        {
            Start(carried);
        }

        Apply(EdgeEvent.Began);
        while (_links.NextEnd != VirtualTime.Never)
        {
            _now = _links.NextEnd;
            EdgeTransfer ended = _links.TakeEnded();
            if (ended.Kind == TransferKind.Direct)
            {
                _directEnds[ended.Client] = _now;
            }
            else if (ended.Kind == TransferKind.Fill)
            {
                _fillEnds[ended.Edge] = _now;
            }

            Apply(EdgeEvent.Ended(ended));
        }
    }

    private void Apply(in EdgeEvent fact)
    {
        _effects.Clear();
        _machine.Apply(fact, _effects);
        foreach (ref readonly EdgeEffect effect in CollectionsMarshal.AsSpan(_effects))
        {
            if (effect.Kind == EdgeEffectKind.Begin)
            {
                OriginKb += effect.Transfer.Kind != TransferKind.Delivery ? _demand.Sizes[effect.Transfer.File] : 0;
                Start(effect.Transfer);
            }
        }
    }

    private void Start(in EdgeTransfer transfer)
    {
        if (transfer.Kind != TransferKind.Direct || _machine.MindsDirect)
        {
            _links.Start(_now, transfer);
            return;
        }

        VirtualTime idleFrom = _directEnds[transfer.Client];
        VirtualTime start = idleFrom > _now ? idleFrom : _now;
        _directEnds[transfer.Client] = start + EdgeShape.Span(_demand.Sizes[transfer.File], _shape.OriginToClient);
    }
}
