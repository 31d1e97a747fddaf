using Shoal.Core.Time;

namespace Shoal.Core.Edge.Tier;

/// <summary>A plan that a live tier follows: its machine, and the links in virtual time if a clock is kept.</summary>
internal sealed class TierCourse
{
    private readonly EdgeMachine _machine;
    private readonly EdgeLinks? _links;
    private readonly HashSet<EdgeTransfer> _ordered = [];
    private readonly HashSet<EdgeTransfer> _arrived = [];

    public TierCourse(TierDraft draft, EdgeSetup setup, TierClock clock)
    {
        Draft = draft;
        _machine = new EdgeMachine(
            clock == TierClock.Wall ? setup with { Passing = EdgePassing.Through } : setup);
        _links = clock == TierClock.Virtual ? new EdgeLinks(setup.Shape, setup.Demand) : null;
        _ordered.UnionWith(draft.Options.Carried);
    }

    public TierDraft Draft { get; }

    public int Revision => Draft.Revision;

    public bool IsClocked => _links is not null;

    /// <summary>The time by the virtual clock.</summary>
    public VirtualTime Now { get; private set; }

    /// <summary>The same; null: none is kept.</summary>
    public VirtualTime? Clock => IsClocked ? Now : null;

    /// <summary>A plan without a search, which takes milliseconds.</summary>
    public static EdgeSetup PlanAtOnce(TierDraft draft) => EdgePlanner.Plan(
        draft.Shape, draft.Demand, draft.Options with { Steps = 0 }, CancellationToken.None);

    public void Begin(List<EdgeEffect> orders)
    {
        _machine.Apply(EdgeEvent.Began, orders);
        Note(orders);
    }

    /// <summary>All of a transfer is there; by the virtual clock it may end later.</summary>
    public void Arrive(TierTransfer transfer) => _arrived.Add(Draft.ToLocal(transfer));

    /// <summary>Takes the next transfer that ends by the virtual clock, if it has arrived.</summary>
    public bool TryTakeEnded(out TierTransfer ended)
    {
        ended = default;
        if (_links is null || _links.NextEnd == VirtualTime.Never || !_arrived.Remove(_links.PeekEnded()))
        {
            return false;
        }

        Now = _links.NextEnd;
        ended = Draft.ToTier(_links.TakeEnded());
        return true;
    }

    /// <summary>Tells the machine that a transfer is over; false: it was none of its own.</summary>
    public bool TryEnd(TierTransfer transfer, List<EdgeEffect> orders)
    {
        EdgeTransfer local = Draft.ToLocal(transfer);
        if (!_ordered.Remove(local))
        {
            return false;
        }

        _machine.Apply(EdgeEvent.Ended(local), orders);
        Note(orders);
        return true;
    }

    private void Note(List<EdgeEffect> orders)
    {
        foreach (EdgeEffect order in orders)
        {
            if (order.Kind == EdgeEffectKind.Begin)
            {
                _ordered.Add(order.Transfer);
                _links?.Start(Now, order.Transfer);
            }
        }
    }
}
