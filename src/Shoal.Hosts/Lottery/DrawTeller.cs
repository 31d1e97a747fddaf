using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>Tells the log that a draw is held, and with what counts and winners.</summary>
internal sealed class DrawTeller(ILotteryStore store, ILogger log)
{
    public async Task TellAsync(DrawName draw, CancellationToken cancellationToken)
    {
        log.DrawHeld();
        DrawStanding? standing = await store.StandingAsync(draw, cancellationToken);
        ImmutableArray<AgencySnapshot> agencies = standing?.Agencies ?? [];

        // Asked for together, they are read together.
        WinnersAnswer[] answers = await Task.WhenAll(
            agencies.Select(one => store.WinnersAsync(draw, one.Agency, cancellationToken)));
        foreach ((AgencySnapshot agency, WinnersAnswer answer) in agencies.Zip(answers))
        {
            if (answer is WinnersAnswer.Held held)
            {
                log.Counted(
                    agency.Agency.Value, agency.Batches, agency.Bets, held.Documents.Length,
                    $"[{string.Join(' ', held.Documents)}]");
            }
        }
    }
}
