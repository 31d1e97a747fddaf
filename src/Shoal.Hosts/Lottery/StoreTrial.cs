using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// What a store alone takes for the bets of agencies: the batches that they would send lie ready in memory, all
/// agencies bring theirs at once, and between them and the store is no network and no process.
/// </summary>
public static class StoreTrial
{
    /// <summary>Stores all bets of all agencies in a draw that is new, and measures that.</summary>
    /// <param name="records">The store.</param>
    /// <param name="terms">The draw.</param>
    /// <param name="rowsOf">The rows of an agency's file, in the form of <see cref="BetRows"/>.</param>
    /// <param name="betsPerBatch">Bets of a batch, at least 1.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">The store failed.</exception>
    /// <exception cref="InvalidDataException">A row is no bet.</exception>
    public static async Task<TimeSpan> MeasureAsync(
        LotteryRecords records, DrawTerms terms, Func<AgencyId, IEnumerable<string>> rowsOf, int betsPerBatch,
        TimeProvider time, CancellationToken cancellationToken)
    {
        ImmutableArray<BatchOffer>[] offers =
            [.. terms.Roster.Select(agency => Read(agency, rowsOf(agency), betsPerBatch, time))];
        await records.OpenDrawAsync(terms, cancellationToken);
        long start = time.GetTimestamp();
        await Task.WhenAll(offers.Select(agency => OfferAsync(records, terms.Name, agency, cancellationToken)));
        return time.GetElapsedTime(start);
    }

    private static ImmutableArray<BatchOffer> Read(
        AgencyId agency, IEnumerable<string> rows, int betsPerBatch, TimeProvider time)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        ImmutableArray<BatchOffer>.Builder offers = ImmutableArray.CreateBuilder<BatchOffer>();
        foreach (string[] some in rows.Chunk(betsPerBatch))
        {
            byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', some));
            if (!BatchBody.TryReadRows(body, agency, today, out ImmutableArray<Bet> bets, out BodyFault? fault))
            {
                throw new InvalidDataException(fault.ToString());
            }

            byte[] stored = BetRows.Encode(bets.AsSpan());
            offers.Add(new BatchOffer(
                agency, new BatchIdentity.Numbered(offers.Count + 1), BatchHash.Of(stored),
                new BatchRows(stored, bets.Length)));
        }

        return offers.ToImmutable();
    }

    private static async Task OfferAsync(
        LotteryRecords records, DrawName draw, ImmutableArray<BatchOffer> offers, CancellationToken cancellationToken)
    {
        for (int first = 0; first < offers.Length; first += AgencyConnection.MostTogether)
        {
            int last = Math.Min(first + AgencyConnection.MostTogether, offers.Length);
            await records.Store.OfferAllAsync(draw, offers[first..last], cancellationToken);
        }
    }
}
