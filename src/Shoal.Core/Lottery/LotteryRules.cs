using Shoal.Core.Roster;

namespace Shoal.Core.Lottery;

/// <summary>
/// The rules of a draw, decided over what a transaction of the store sees. Whoever stores carries a decision out
/// within that same transaction, so that several hubs on one database decide as one.
/// </summary>
public static class LotteryRules
{
    /// <summary>Decides about a batch.</summary>
    /// <param name="agency">Its agency; null: not on the roster.</param>
    /// <param name="offer">The batch.</param>
    /// <param name="candidate">
    /// The stored batch of the agency that it may repeat: by <see cref="BatchIdentity"/>, the one of its number, or the
    /// earliest of the same content; null: there is none.
    /// </param>
    public static BatchDecision Decide(AgencySnapshot? agency, BatchOffer offer, StoredBatch? candidate)
    {
        if (agency is null)
        {
            return new BatchDecision.Refuse(NotOnRoster(offer.Agency));
        }

        if (candidate is { } stored && stored.Hash == offer.Hash && offer.Identity is not BatchIdentity.New)
        {
            return new BatchDecision.Repeated(stored.Number);
        }

        if (offer.Identity is BatchIdentity.Numbered { Number: var number } && number != agency.Batches + 1)
        {
            return candidate is null
                ? new BatchDecision.Refuse(
                    $"batch {number} is out of order, the next is {agency.Batches + 1}", RefusalCause.OutOfOrder)
                {
                    Next = agency.Batches + 1,
                }
                : new BatchDecision.Refuse(
                    $"batch {number} is stored already with other content", RefusalCause.OtherContent)
                {
                    Next = agency.Batches + 1,
                };
        }

        if (offer.Identity is BatchIdentity.New { After: { } after } && after != agency.Batches)
        {
            return new BatchDecision.Refuse(
                $"agency {agency.Agency} has stored batches over another connection since", RefusalCause.Overtaken);
        }

        return agency.IsClosed || agency.Draw == DrawState.Held
            ? new BatchDecision.Refuse(
                $"agency {agency.Agency} has closed, its bets are sealed", RefusalCause.Sealed)
            : new BatchDecision.Store(agency.Batches + 1);
    }

    /// <summary>How the next batch of a conversation without numbers is told from those before it.</summary>
    /// <param name="identity">How the last one was.</param>
    /// <param name="decision">What became of it.</param>
    public static BatchIdentity Next(BatchIdentity identity, BatchDecision decision) => (identity, decision) switch
    {
        (_, BatchDecision.Repeated repeated) => new BatchIdentity.InReplay(repeated.Number + 1),
        (_, BatchDecision.Store store) => new BatchIdentity.New(store.Number),

        // What was refused has not happened: the replay, if there is one, is where it was.
        _ => identity,
    };

    /// <summary>
    /// How a batch is told that was brought together with the one before it: a number tells by itself, else what became
    /// of that one counts.
    /// </summary>
    /// <param name="before">The batch before it, with the identity by which it was decided.</param>
    /// <param name="decision">What became of that one.</param>
    /// <param name="offer">The batch.</param>
    public static BatchOffer Follow(BatchOffer before, BatchDecision decision, BatchOffer offer) =>
        offer.Identity is BatchIdentity.Numbered
            ? offer
            : offer with { Identity = Next(before.Identity, decision) };

    /// <summary>Decides about the end of an agency's bets.</summary>
    /// <param name="agency">The agency; null: not on the roster.</param>
    /// <param name="named">The agency, as it was named.</param>
    /// <param name="counts">What it says that it has brought; null: it does not say.</param>
    /// <param name="open">
    /// The agencies of the roster that have not closed. Of many, any two are enough: then one is left, whoever closes.
    /// </param>
    public static CloseDecision Decide(
        AgencySnapshot? agency, AgencyId named, BroughtCounts? counts, IReadOnlyCollection<AgencyId> open)
    {
        if (agency is null)
        {
            return new CloseDecision.Refuse(NotOnRoster(named));
        }

        if (counts is not null && (counts.Batches != agency.Batches || counts.Bets != agency.Bets))
        {
            return new CloseDecision.Refuse(
                $"agency {named} has {agency.Batches} batches with {agency.Bets} bets here, not "
                + $"{counts.Batches} with {counts.Bets}",
                RefusalCause.Counts);
        }

        if (agency.IsClosed)
        {
            return new CloseDecision.Repeated();
        }

        var barrier = new SetBarrier<AgencyId>(open);
        barrier.Arrive(named);
        return barrier.IsOpen ? new CloseDecision.CloseAndHold() : new CloseDecision.Close();
    }

    /// <summary>Why somebody who is not on the roster is refused.</summary>
    public static string NotOnRoster(AgencyId agency) => $"agency {agency} is not on the roster";
}
