namespace Shoal.Core.Edge.Tier;

/// <summary>What a tier loses, transfers that fail and files that change, and what takes their place.</summary>
internal sealed class TierLosses(TierCast cast, TierFlow flow)
{
    /// <summary>A transfer that was on its way has failed.</summary>
    public void Fail(TierEvent.Failed failed, IList<TierEffect> effects)
    {
        TierTransfer transfer = failed.Transfer;
        TierEdge? edge = cast.FindEdge(transfer.Edge);
        if (flow.IsClocked)
        {
            flow.Upset();
        }

        switch (transfer.Kind)
        {
            case TransferKind.Delivery:
                flow.TellMachine(transfer, effects);
                flow.Begin(TierTransfer.Direct(transfer.Client, transfer.File), effects);
                if (failed.Fault == TierFault.Corrupt && edge is not null && ++edge.Blames == EdgeTier.MostBlames)
                {
                    effects.Add(new TierEffect.PartWith(edge.Member, "it sent corrupt chunks"));
                }

                break;
            case TransferKind.Fill:
                FailFill(transfer, failed.Fault, edge);
                break;
            default:
                cast.FindClient(transfer.Client)?.GoBack(transfer.File);
                flow.Upset();
                break;
        }
    }

    private void FailFill(TierTransfer fill, TierFault fault, TierEdge? edge)
    {
        cast.TakeBack(fill);
        flow.Upset();
        if (fault == TierFault.Full && edge is not null)
        {
            edge.CapacityKb = cast.HeldKb(edge);
        }
        else
        {
            cast.PassesBy.Add(fill.File);
        }
    }

    /// <summary>A file is another one now at its origin.</summary>
    public void Replace(TierEvent.Replaced replaced, IList<TierEffect> effects)
    {
        foreach (TierTransfer flight in cast.Flights.Where(flight => flight.File == replaced.File).ToArray())
        {
            cast.Flights.Remove(flight);
            cast.FindClient(flight.Client)?.GoBack(replaced.File);
        }

        foreach (TierEdge edge in cast.Edges)
        {
            if (TierSpares.Drop(edge, replaced.File) | edge.Copies.Remove(replaced.File))
            {
                effects.Add(new TierEffect.GiveUp(edge.Member, replaced.File, null));
            }
        }

        foreach (TierClient client in cast.Clients.Where(client => client.Waiting.Contains(replaced.File)))
        {
            client.Replace(replaced.File, replaced.Successor);
        }

        flow.Upset();
    }
}
