using Shoal.Core.Content;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>
/// A peer's part under a hub that keeps the system clock: it asks for nothing on its own, and carries out one order
/// at a time. A message of the model has crossed the link with its answer; a chunk when it was handed over or stored.
/// </summary>
internal sealed class PeerOrders(HubLine hub)
{
    private HubMessage.Order? _open;

    // A chunk and the order for it wait in two queues of the hub's writer, so that the chunk may come first.
    private ChunkRef? _early;
    private OrderOutcome _earlyOutcome;

    /// <summary>Whether the hub orders what is to be done.</summary>
    public bool IsOrdered { get; private set; }

    /// <summary>Another connection with the hub: it says anew whether it orders.</summary>
    public void Forget()
    {
        IsOrdered = false;
        _open = null;
        _early = null;
    }

    public void Begin(IList<SwarmPeerEffect> effects)
    {
        IsOrdered = true;
        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.ClockKept()));
    }

    /// <summary>Takes an order. One that was open before is so no longer: the hub knows why.</summary>
    public void Take(TimeSpan now, HubMessage.Order order, IList<SwarmPeerEffect> effects)
    {
        GoOn(now, effects);
        _open = order;
        if (order.Kind is not (OccupationKind.Upload or OccupationKind.Deliver))
        {
            Answer(now, order, OrderOutcome.Done, effects);
        }
        else if (order.Kind == OccupationKind.Deliver && order.Chunk == _early)
        {
            _early = null;
            Answer(now, order, _earlyOutcome, effects);
        }
    }

    /// <summary>
    /// The hub goes on, so an upload that is open is there: what the link says of its end is overtaken at times.
    /// </summary>
    public void GoOn(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        if (_open is { Kind: OccupationKind.Upload } upload)
        {
            Answer(now, upload, OrderOutcome.Done, effects);
        }
    }

    /// <summary>An uploaded chunk has been handed to the link, or a delivered one was stored, or was wrong.</summary>
    public void Crossed(
        TimeSpan now, OccupationKind kind, ChunkRef chunk, OrderOutcome outcome, IList<SwarmPeerEffect> effects)
    {
        if (_open is { } order && order.Kind == kind && order.Chunk == chunk)
        {
            Answer(now, order, outcome, effects);
        }
        else if (IsOrdered && kind == OccupationKind.Deliver)
        {
            _early = chunk;
            _earlyOutcome = outcome;
        }
    }

    private void Answer(
        TimeSpan now, HubMessage.Order order, OrderOutcome outcome, IList<SwarmPeerEffect> effects)
    {
        _open = null;
        if (order.Kind != OccupationKind.Upload || outcome == OrderOutcome.Failed)
        {
            hub.Say(now, new MemberMessage.Answer(order.Kind, order.Chunk, order.Begin, outcome), effects);
        }

        effects.Add(new SwarmPeerEffect.Tell(new SwarmNote.Carried(order, outcome)));
    }
}
