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
}
