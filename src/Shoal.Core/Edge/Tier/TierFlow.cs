using Shoal.Core.Time;

namespace Shoal.Core.Edge.Tier;

/// <summary>
/// What is on its way in a live tier: follows a plan's machine as long as that is the plan for who is here, and keeps
/// account of what began and ended.
/// </summary>
internal sealed class TierFlow(TierCast cast, TierTally tally)
{
    private readonly List<EdgeEffect> _orders = [];
    private TierCourse? _course;

    /// <summary>
    /// Counts up whenever a machine would plan otherwise: it is heeded no more, and between it and the next nothing new
    /// begins.
    /// </summary>
    public int Revision { get; private set; }

    /// <summary>Whether there is a machine, and it is heeded.</summary>
    public bool IsSteady => _course?.Revision == Revision;

    /// <summary>Whether transfers end by a virtual clock.</summary>
    public bool IsClocked => _course is { IsClocked: true };

    /// <summary>The time by that clock; null: none is kept.</summary>
    public VirtualTime? Clock => _course?.Clock;

    /// <summary>A machine would plan otherwise from now on.</summary>
    public void Upset() => Revision++;

    /// <summary>Follows another plan.</summary>
    public void Follow(TierCourse course, IList<TierEffect> effects)
    {
        _course = course;
        course.Begin(_orders);
        Carry(course, effects);
    }

    /// <summary>All of a transfer has arrived; by a virtual clock it ends in its turn.</summary>
    public void Arrive(TierTransfer transfer, IList<TierEffect> effects)
    {
        if (!IsClocked || !IsSteady)
        {
            End(transfer, effects);
            return;
        }

        TierCourse course = _course!;
        course.Arrive(transfer);
        while (course.TryTakeEnded(out TierTransfer ended))
        {
            effects.Add(new TierEffect.Settled(ended, course.Now));
            End(ended, effects);
        }
    }

    /// <summary>A transfer is over, well or not: the machine goes on, unless it is heeded no more.</summary>
    public void TellMachine(TierTransfer transfer, IList<TierEffect> effects)
    {
        if (IsSteady && _course!.TryEnd(transfer, _orders))
        {
            Carry(_course, effects);
        }
    }

    /// <summary>Lets a transfer begin.</summary>
    public void Begin(TierTransfer transfer, IList<TierEffect> effects)
    {
        cast.Flights.Add(transfer);
        cast.FindClient(transfer.Client)?.Start(transfer.File);
        tally.Begin(transfer, cast.SizeOf(transfer.File));
        effects.Add(new TierEffect.Begin(transfer, Clock));
    }

    // What has ended stands where it is now.
    private void End(TierTransfer transfer, IList<TierEffect> effects)
    {
        cast.Flights.Remove(transfer);
        tally.End(transfer, cast.SizeOf(transfer.File), Clock);
        if (transfer.Kind == TransferKind.Fill)
        {
            cast.FindEdge(transfer.Edge)?.Copies.Add(transfer.File);
        }

        TellMachine(transfer, effects);
    }

    private void Carry(TierCourse course, IList<TierEffect> effects)
    {
        foreach (EdgeEffect order in _orders)
        {
            switch (order.Kind)
            {
                case EdgeEffectKind.Begin:
                    Begin(course.Draft.ToTier(order.Transfer), effects);
                    break;
                case EdgeEffectKind.Evict:
                    TierTransfer gone = course.Draft.ToTier(order.Transfer);
                    cast.FindEdge(gone.Edge)!.Copies.Remove(gone.File);
                    effects.Add(new TierEffect.GiveUp(gone.Edge, gone.File, course.Clock));
                    break;
                default:
                    break;
            }
        }

        _orders.Clear();
    }
}
