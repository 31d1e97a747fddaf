using System.Collections.Immutable;
using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Stores batches in PostgreSQL, those of many agencies in one transaction. Where each says itself what it follows, as
/// nearly all do, that takes one round trip; else one to look and one to store.
/// </summary>
internal static class BatchesPostgresSql
{
    /// <summary>Decides about batches and stores them.</summary>
    public static async Task<IReadOnlyList<ImmutableArray<BatchDecision>>> StoreAsync(
        NpgsqlConnection connection, IReadOnlyList<BatchWork> works)
    {
        if (BatchRound.Presume(works) is not { } presumed)
        {
            return await LookAndStoreAsync(connection, works);
        }

        HashSet<(long, int)> stored = await StorePresumedAsync(connection, presumed);
        List<BatchWork> others = [.. works.Where(work => !stored.Contains(work.Key))];
        if (others.Count == 0 && works.Count > 0)
        {
            return presumed.Decisions;
        }

        // Somebody else has stored for them meanwhile, or they have closed, or this is a replay.
        var looked = new Queue<ImmutableArray<BatchDecision>>(await LookAndStoreAsync(connection, others));
        return
        [
            .. works.Select((work, i) => stored.Contains(work.Key) ? presumed.Decisions[i] : looked.Dequeue()),
        ];
    }

    private static async Task<HashSet<(long Draw, int Agency)>> StorePresumedAsync(
        NpgsqlConnection connection, BatchRound round)
    {
        // Without BEGIN a batch is a transaction of its own, with its one sync at the end.
        await using var store = new NpgsqlBatch(connection);
        AddStore(store, round);
        var stored = new HashSet<(long, int)>();
        await using NpgsqlDataReader rows = await store.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            stored.Add((rows.GetInt64(0), rows.GetInt32(1)));
        }

        return stored;
    }

    private static async Task<IReadOnlyList<ImmutableArray<BatchDecision>>> LookAndStoreAsync(
        NpgsqlConnection connection, IReadOnlyList<BatchWork> works)
    {
        var round = new BatchRound(works);
        await using (NpgsqlBatch look = Look(connection, round))
        await using (NpgsqlDataReader rows = await look.ExecuteReaderAsync())
        {
            await ReadAsync(rows, round);
        }

        foreach (BatchWork work in works)
        {
            round.Decide(work);
        }

        await using var store = new NpgsqlBatch(connection);
        if (round.Stored.Count > 0 || round.IsEmpty)
        {
            AddStore(store, round);
        }

        Add(store, "COMMIT");
        await store.ExecuteNonQueryAsync();
        return round.Decisions;
    }

    // The locks come first and everything else is read behind them, each statement with a view of its own, so that
    // nothing that is read is older than its lock.
    private static NpgsqlBatch Look(NpgsqlConnection connection, BatchRound round)
    {
        (long Draw, int Agency)[] agencies = [.. round.Agencies];
        var look = new NpgsqlBatch(connection);
        Add(look, "BEGIN");
        Add(look, LockAgencies,
            Array(agencies.Select(one => one.Draw)), Array(agencies.Select(one => one.Agency)));
        Add(look, "SELECT id, held FROM draw WHERE id = ANY($1)",
            Array(agencies.Select(one => one.Draw).Distinct()));
        Add(look,
            """
            SELECT wanted.draw, wanted.agency, found.number, found.hash
            FROM unnest($1, $2, $3, $4) AS wanted (draw, agency, first, count)
            CROSS JOIN LATERAL (
                SELECT number, hash FROM batch
                WHERE draw = wanted.draw AND agency = wanted.agency
                    AND number >= wanted.first AND number < wanted.first + wanted.count
                ORDER BY number LIMIT wanted.count) AS found
            """,
            Array(round.Numbers.Select(one => one.Draw)), Array(round.Numbers.Select(one => one.Agency)),
            Array(round.Numbers.Select(one => one.From)), Array(round.Numbers.Select(one => one.Count)));
        Add(look,
            """
            SELECT wanted.draw, wanted.agency, found.number, found.hash
            FROM unnest($1, $2, $3, $4) AS wanted (draw, agency, hash, count)
            CROSS JOIN LATERAL (
                SELECT number FROM batch
                WHERE draw = wanted.draw AND agency = wanted.agency AND hash = wanted.hash
                ORDER BY number LIMIT 1) AS earliest
            CROSS JOIN LATERAL (
                SELECT number, hash FROM batch
                WHERE draw = wanted.draw AND agency = wanted.agency
                    AND number >= earliest.number AND number < earliest.number + wanted.count
                ORDER BY number LIMIT wanted.count) AS found
            """,
            Array(round.Hashes.Select(one => one.Draw)), Array(round.Hashes.Select(one => one.Agency)),
            Array(round.Hashes.Select(one => one.Hash)), Array(round.Hashes.Select(one => one.Count)));
        return look;
    }

    private static async Task ReadAsync(NpgsqlDataReader rows, BatchRound round)
    {
        while (await rows.ReadAsync())
        {
            round.SawAgency(rows.GetInt64(0), ReadAgency(rows));
        }

        await rows.NextResultAsync();
        while (await rows.ReadAsync())
        {
            round.SawDraw(rows.GetInt64(0), rows.GetBoolean(1) ? DrawState.Held : DrawState.Open);
        }

        while (await rows.NextResultAsync())
        {
            while (await rows.ReadAsync())
            {
                round.SawBatch(
                    rows.GetInt64(0), rows.GetInt32(1),
                    new StoredBatch(rows.GetInt64(2), BatchHash.Read(rows.GetFieldValue<byte[]>(3))));
            }
        }
    }

    // An agency that does not stand as presumed is left as it is, and so is what it brought. That it has not closed is
    // enough: a draw is held only when all have closed. The locks are taken in the order that all others keep; behind a
    // lock the agency is looked at as it stands then.
    private static void AddStore(NpgsqlBatch store, BatchRound round)
    {
        BatchRound.Growth[] grown = [.. round.Grown];
        List<BatchRound.NewBatch> batches = round.Stored;
        List<(long Draw, int Agency, string Document)> winners = [.. WinnersOf(batches)];
        Add(store,
            """
            WITH locked AS MATERIALIZED (
                SELECT draw, agency FROM agency JOIN unnest($1, $2) AS wanted (draw, agency) USING (draw, agency)
                ORDER BY draw, agency FOR NO KEY UPDATE OF agency),
            grown AS (
                UPDATE agency SET batches = agency.batches + new.batches, bets = agency.bets + new.bets
                FROM locked JOIN unnest($1, $2, $3, $4, $5) AS new (draw, agency, before, batches, bets)
                    USING (draw, agency)
                WHERE agency.draw = locked.draw AND agency.agency = locked.agency
                    AND agency.batches = new.before AND NOT agency.closed
                RETURNING agency.draw, agency.agency),
            stored AS (
                INSERT INTO batch (draw, agency, number, hash, bets, rows)
                SELECT draw, agency, number, hash, bets, rows
                FROM unnest($6, $7, $8, $9, $10, $11) WITH ORDINALITY
                    AS new (draw, agency, number, hash, bets, rows, place)
                JOIN grown USING (draw, agency) ORDER BY place),
            won AS (
                INSERT INTO winner (draw, agency, document)
                SELECT draw, agency, document
                FROM unnest($12, $13, $14) WITH ORDINALITY AS new (draw, agency, document, place)
                JOIN grown USING (draw, agency) ORDER BY place)
            SELECT draw, agency FROM grown
            """,
            Array(grown.Select(one => one.Draw)), Array(grown.Select(one => one.Agency)),
            Array(grown.Select(one => one.Before)), Array(grown.Select(one => one.Batches)),
            Array(grown.Select(one => one.Bets)),
            Array(batches.Select(one => one.Draw.Id)), Array(batches.Select(one => one.Offer.Agency.Value)),
            Array(batches.Select(one => one.Number)), Array(batches.Select(one => one.Offer.Hash.ToArray())),
            Array(batches.Select(one => one.Offer.Rows.Bets)), Array(batches.Select(one => one.Offer.Rows.Bytes)),
            Array(winners.Select(one => one.Draw)), Array(winners.Select(one => one.Agency)),
            Array(winners.Select(one => one.Document)));
    }

    private static IEnumerable<(long Draw, int Agency, string Document)> WinnersOf(
        IEnumerable<BatchRound.NewBatch> batches) =>
        from batch in batches
        from document in BetRows.DocumentsOf(batch.Offer.Rows.Bytes, batch.Draw.WinningNumber)
        select (batch.Draw.Id, batch.Offer.Agency.Value, document);
}
