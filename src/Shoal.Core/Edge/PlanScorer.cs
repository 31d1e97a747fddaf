using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>Plays plans, one after the other, with the machine itself, and says what came of the last one.</summary>
internal sealed class PlanScorer(EdgeSetup setup)
{
    private readonly EdgeRehearsal _rehearsal = new(setup);
    private readonly EdgeDemand _demand = setup.Demand;
    private readonly EdgeShape _shape = setup.Shape;
    private readonly VirtualTime[] _directEnds = new VirtualTime[setup.Demand.Clients];
    private readonly VirtualTime[] _fillEnds = new VirtualTime[setup.Shape.Edges];

    /// <summary>When everything had ended.</summary>
    public VirtualTime Makespan => _rehearsal.Now;

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
        OriginKb = 0;
        Array.Clear(_directEnds);
        Array.Clear(_fillEnds);
        _rehearsal.Restart(order, budgets);
        _rehearsal.Begin();
        Count();
        while (_rehearsal.TryStep(out EdgeTransfer ended))
        {
            if (ended.Kind == TransferKind.Direct)
            {
                _directEnds[ended.Client] = _rehearsal.Now;
            }
            else if (ended.Kind == TransferKind.Fill)
            {
                _fillEnds[ended.Edge] = _rehearsal.Now;
            }

            Count();
        }
    }

    private void Count()
    {
        foreach (EdgeEffect effect in _rehearsal.Effects)
        {
            if (effect.Kind == EdgeEffectKind.Begin && effect.Transfer.Kind != TransferKind.Delivery)
            {
                OriginKb += _demand.Sizes[effect.Transfer.File];
            }
        }
    }
}
