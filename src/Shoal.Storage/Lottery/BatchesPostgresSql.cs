using System.Collections.Immutable;
using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Stores batches in PostgreSQL, those of many agencies in one transaction: one round trip to look, one to store.
/// </summary>
internal static class BatchesPostgresSql
{
    /// <summary>Decides about batches and stores them.</summary>
    public static async Task<IReadOnlyList<ImmutableArray<BatchDecision>>> StoreAsync(
        NpgsqlConnection connection, IReadOnlyList<BatchWork> works)
    {
        var round = new BatchRound(works);
        await using (NpgsqlBatch look = Look(connection, round))
        await using (NpgsqlDataReader rows = await look.ExecuteReaderAsync())
        {
            await ReadAsync(rows, round);
        }

        ImmutableArray<BatchDecision>[] decisions = [.. works.Select(round.Decide)];
        await using (NpgsqlBatch store = Store(connection, round))
        {
            await store.ExecuteNonQueryAsync();
        }

        return decisions;
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

    private static NpgsqlBatch Store(NpgsqlConnection connection, BatchRound round)
    {
        var store = new NpgsqlBatch(connection);
        if (round.Stored.Count > 0 || round.IsEmpty)
        {
            AddBatches(store, round.Stored);
            (long Draw, AgencySnapshot Agency)[] changed = [.. round.Changed];
            Add(store,
                """
                UPDATE agency SET batches = new.batches, bets = new.bets
                FROM unnest($1, $2, $3, $4) AS new (draw, agency, batches, bets)
                WHERE agency.draw = new.draw AND agency.agency = new.agency
                """,
                Array(changed.Select(one => one.Draw)), Array(changed.Select(one => one.Agency.Agency.Value)),
                Array(changed.Select(one => one.Agency.Batches)), Array(changed.Select(one => one.Agency.Bets)));
            AddWinners(store, round.Stored);
        }

        Add(store, "COMMIT");
        return store;
    }

    private static void AddBatches(NpgsqlBatch store, List<BatchRound.NewBatch> batches) => Add(store,
        """
        INSERT INTO batch (draw, agency, number, hash, bets, rows)
        SELECT draw, agency, number, hash, bets, rows
        FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY
            AS new (draw, agency, number, hash, bets, rows, place)
        ORDER BY place
        """,
        Array(batches.Select(one => one.Draw.Id)), Array(batches.Select(one => one.Offer.Agency.Value)),
        Array(batches.Select(one => one.Number)), Array(batches.Select(one => one.Offer.Hash.ToArray())),
        Array(batches.Select(one => one.Offer.Rows.Bets)), Array(batches.Select(one => one.Offer.Rows.Bytes)));

    private static void AddWinners(NpgsqlBatch store, List<BatchRound.NewBatch> batches)
    {
        var draws = new List<long>();
        var agencies = new List<int>();
        var documents = new List<string>();
        foreach (BatchRound.NewBatch batch in batches)
        {
            foreach (string document in BetRows.DocumentsOf(batch.Offer.Rows.Bytes, batch.Draw.WinningNumber))
            {
                draws.Add(batch.Draw.Id);
                agencies.Add(batch.Offer.Agency.Value);
                documents.Add(document);
            }
        }

        if (draws.Count > 0 || batches.Count == 0)
        {
            Add(store,
                """
                INSERT INTO winner (draw, agency, document)
                SELECT draw, agency, document
                FROM unnest($1, $2, $3) WITH ORDINALITY AS new (draw, agency, document, place) ORDER BY place
                """,
                Array(draws), Array(agencies), Array(documents));
        }
    }
}
