using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>What one connection's messages lead to: the store's decisions, and the answers to the agency.</summary>
internal sealed class LotteryDesk(
    DrawName draw, ILotteryStore store, LotteryMetrics metrics, ILogger log, string ip)
{
    private BatchIdentity _identity = new BatchIdentity.First();
    private AgencyId? _bound;

    /// <summary>
    /// Whether the store failed: what was said behind the failed message must not be stored before it.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>Does what a message asks for. An ack means that the disk has it.</summary>
    public async Task<LotteryAnswer> AnswerAsync(AgencyMessage message, CancellationToken cancellationToken)
    {
        try
        {
            LotteryAnswer answer = message switch
            {
                AgencyMessage.Batch batch => await StoreAsync(batch, cancellationToken),
                AgencyMessage.Close close => await CloseAsync(close.Agency, cancellationToken),
                AgencyMessage.Query query => await QueryAsync(query.Agency, cancellationToken),
                AgencyMessage.Unreadable unreadable => new LotteryAnswer.Refusal(unreadable.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            return Tell(message, answer);
        }
        catch (IOException e)
        {
            IsBroken = true;
            log.StoreFailed(e.Message);
            return Tell(message, new LotteryAnswer.Refusal("the hub could not store it, try again later"));
        }
    }

    private async Task<LotteryAnswer> StoreAsync(AgencyMessage.Batch batch, CancellationToken cancellationToken)
    {
        if (FaultOf(batch.Agency) is { } fault)
        {
            return fault;
        }

        log.BatchReceived(batch.Agency.Value, batch.List.Length);
        var offer = new BatchOffer(batch.Agency, _identity, batch.Hash, batch.List);
        BatchDecision decision = await store.OfferAsync(draw, offer, cancellationToken);
        _identity = LotteryRules.Next(_identity, decision);
        switch (decision)
        {
            case BatchDecision.Refuse refuse:
                return new LotteryAnswer.Refusal(refuse.Reason);
            case BatchDecision.Store:
                metrics.BatchStored(batch.List.Length);
                break;
        }

        log.BetsStored(batch.List.Length);
        return new LotteryAnswer.BatchStored();
    }

    private async Task<LotteryAnswer> CloseAsync(AgencyId agency, CancellationToken cancellationToken)
    {
        if (FaultOf(agency) is { } fault)
        {
            return fault;
        }

        CloseDecision decision = await store.CloseAsync(draw, agency, counts: null, cancellationToken);
        if (decision is CloseDecision.Refuse refuse)
        {
            return new LotteryAnswer.Refusal(refuse.Reason);
        }

        log.CloseReceived(agency.Value);
        if (decision is CloseDecision.CloseAndHold)
        {
            await TellDrawAsync(cancellationToken);
        }

        return new LotteryAnswer.Closed();
    }

    private async Task<LotteryAnswer> QueryAsync(AgencyId agency, CancellationToken cancellationToken)
    {
        if (FaultOf(agency) is { } fault)
        {
            return fault;
        }

        WinnersAnswer winners = await store.WinnersAsync(draw, agency, cancellationToken);
        if (winners is WinnersAnswer.Refuse refuse)
        {
            return new LotteryAnswer.Refusal(refuse.Reason);
        }

        log.QueryReceived(agency.Value);
        return winners is WinnersAnswer.Held held
            ? new LotteryAnswer.Winners(held.Documents)
            : new LotteryAnswer.Wait();
    }

    // The first agency that a connection names is the one that it is for.
    private LotteryAnswer.Refusal? FaultOf(AgencyId agency)
    {
        _bound ??= agency;
        return _bound == agency
            ? null
            : new LotteryAnswer.Refusal($"this connection is agency {_bound}'s, not agency {agency}'s");
    }

    private async Task TellDrawAsync(CancellationToken cancellationToken)
    {
        log.DrawHeld();
        DrawStanding? standing = await store.StandingAsync(draw, cancellationToken);
        foreach (AgencySnapshot agency in standing?.Agencies ?? [])
        {
            if (await store.WinnersAsync(draw, agency.Agency, cancellationToken) is WinnersAnswer.Held held)
            {
                log.Counted(
                    agency.Agency.Value, agency.Batches, agency.Bets, held.Documents.Length,
                    $"[{string.Join(' ', held.Documents)}]");
            }
        }
    }

    private LotteryAnswer Tell(AgencyMessage message, LotteryAnswer answer)
    {
        if (answer is LotteryAnswer.Refusal refusal)
        {
            metrics.MessageRefused();
            switch (message)
            {
                case AgencyMessage.Batch batch:
                    log.BetsRefused(batch.List.Length, ip, refusal.Reason);
                    break;
                case AgencyMessage.Unreadable { IsBatch: true }:
                    log.BetsRefused(0, ip, refusal.Reason);
                    break;
                default:
                    log.Refused(ip, refusal.Reason);
                    break;
            }
        }

        return answer;
    }
}
