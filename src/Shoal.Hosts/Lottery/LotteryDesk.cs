using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>What one connection's messages lead to: the store's decisions, and the answers to the agency.</summary>
internal sealed class LotteryDesk(
    DrawName draw, ILotteryStore store, LotteryMetrics metrics, ILogger log, string ip)
{
    private readonly DrawTeller _teller = new(store, log);
    private BatchIdentity _identity = new BatchIdentity.First();
    private AgencyId? _bound;

    /// <summary>
    /// Whether the conversation is over: the store failed, and what was said behind the failed message must not be
    /// stored before it; or another connection goes on for the agency.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Does what messages ask for, in their order; batches that came together share a transaction. An ack means that
    /// the disk has it.
    /// </summary>
    /// <param name="messages">What the agency said.</param>
    /// <param name="answers">An answer for each is added here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task AnswerAsync(
        IReadOnlyList<AgencyMessage> messages, ICollection<LotteryAnswer> answers, CancellationToken cancellationToken)
    {
        var together = new List<AgencyMessage.Batch>();
        foreach (AgencyMessage message in messages)
        {
            if (message is AgencyMessage.Batch batch && FaultOf(batch.Agency) is null)
            {
                together.Add(batch);
                continue;
            }

            await StoreAsync(together, answers, cancellationToken);
            answers.Add(await AnswerAsync(message, cancellationToken));
        }

        await StoreAsync(together, answers, cancellationToken);
    }

    // What follows a failure of the store is not done: it must not be stored without what came before it.
    private async Task<LotteryAnswer> AnswerAsync(AgencyMessage message, CancellationToken cancellationToken)
    {
        if (IsBroken)
        {
            return Tell(message, NotStored());
        }

        try
        {
            LotteryAnswer answer = message switch
            {
                AgencyMessage.Batch batch => FaultOf(batch.Agency)!,
                AgencyMessage.Close close => await CloseAsync(close.Agency, cancellationToken),
                AgencyMessage.Query query => await QueryAsync(query.Agency, cancellationToken),
                AgencyMessage.Unreadable unreadable => new LotteryAnswer.Refusal(unreadable.Reason),
                _ => throw new UnreachableException(),
            };
            return Tell(message, answer);
        }
        catch (IOException e)
        {
            return Tell(message, Break(e));
        }
    }

    private async Task StoreAsync(
        List<AgencyMessage.Batch> together, ICollection<LotteryAnswer> answers, CancellationToken cancellationToken)
    {
        if (together.Count == 0)
        {
            return;
        }

        IReadOnlyList<LotteryAnswer> stored = await StoreAsync(together, cancellationToken);
        foreach ((AgencyMessage.Batch batch, LotteryAnswer answer) in together.Zip(stored))
        {
            answers.Add(Tell(batch, answer));
        }

        together.Clear();
    }

    private async Task<IReadOnlyList<LotteryAnswer>> StoreAsync(
        List<AgencyMessage.Batch> together, CancellationToken cancellationToken)
    {
        if (IsBroken)
        {
            return [.. together.Select(_ => NotStored())];
        }

        foreach (AgencyMessage.Batch batch in together)
        {
            log.BatchReceived(batch.Agency.Value, batch.List.Length);
        }

        try
        {
            ImmutableArray<BatchOffer> offers =
                [.. together.Select(batch => new BatchOffer(batch.Agency, _identity, batch.Hash, RowsOf(batch)))];
            ImmutableArray<BatchDecision> decisions = await store.OfferAllAsync(draw, offers, cancellationToken);
            return [.. decisions.Zip(together, (decision, batch) => AnswerTo(batch, decision))];
        }
        catch (IOException e)
        {
            LotteryAnswer.Refusal refusal = Break(e);
            return [.. together.Select(_ => refusal)];
        }
    }

    // Here, where many agencies are served at once: whoever stores them has one after the other to do.
    private static BatchRows RowsOf(AgencyMessage.Batch batch) =>
        new(BetRows.Encode(batch.List.AsSpan()), batch.List.Length);

    private LotteryAnswer AnswerTo(AgencyMessage.Batch batch, BatchDecision decision)
    {
        _identity = LotteryRules.Next(_identity, decision);
        switch (decision)
        {
            case BatchDecision.Refuse { Cause: RefusalCause.Overtaken } overtaken:
                // Which of its connections is the agency's last one nobody knows here, but the agency does.
                IsBroken = true;
                return new LotteryAnswer.Refusal($"{LotteryAnswer.Refusal.TryAgain}{overtaken.Reason}");
            case BatchDecision.Refuse refuse:
                return new LotteryAnswer.Refusal(refuse.Reason);
            case BatchDecision.Store:
                metrics.BatchStored(batch.List.Length);
                break;
        }

        log.BetsStored(batch.List.Length);
        return new LotteryAnswer.BatchStored();
    }

    private LotteryAnswer.Refusal Break(IOException e)
    {
        IsBroken = true;
        log.StoreFailed(e.Message);
        return NotStored();
    }

    private static LotteryAnswer.Refusal NotStored() =>
        new($"{LotteryAnswer.Refusal.TryAgain}the hub could not store it");

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
            await _teller.TellAsync(draw, cancellationToken);
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
