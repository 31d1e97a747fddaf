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
    // An agency that does not stand as presumed is left as it is, and so is what it brought. That it has not closed is
    // enough: a draw is held only when all have closed. A statement for each agency: over arrays of agencies it would
    // take the database longer, as a lane nearly always has one.
    private const string StoreBatch = $"{GrowAgency}, {InsertBatch} {TellAgency}";
    private const string StoreBatchAndWinners = $"{GrowAgency}, {InsertBatch}, {InsertWinners} {TellAgency}";
    private const string StoreBatches = $"{GrowAgency}, {InsertBatches} {TellAgency}";
    private const string StoreBatchesAndWinners = $"{GrowAgency}, {InsertBatches}, {InsertWinners} {TellAgency}";

    private const string GrowAgency =
        """
        WITH grown AS (
            UPDATE agency SET batches = batches + $4, bets = bets + $5
            WHERE draw = $1 AND agency = $2 AND batches = $3 AND NOT closed
            RETURNING draw, agency)
        """;

    // One batch, as most agencies bring them, needs no list on either side.
    private const string InsertBatch =
        """
        stored AS (
            INSERT INTO batch (draw, agency, number, hash, bets, rows) SELECT draw, agency, $6, $7, $8, $9 FROM grown)
        """;

    private const string InsertBatches =
        """
        stored AS (
            INSERT INTO batch (draw, agency, number, hash, bets, rows)
            SELECT draw, agency, number, hash, bets, rows
            FROM grown, unnest($6, $7, $8, $9) WITH ORDINALITY AS new (number, hash, bets, rows, place)
            ORDER BY place)
        """;

    private const string InsertWinners =
        """
        won AS (
            INSERT INTO winner (draw, agency, document)
            SELECT draw, agency, document FROM grown, unnest($10) WITH ORDINALITY AS new (document, place)
            ORDER BY place)
        """;

    private const string TellAgency = "SELECT draw, agency FROM grown";

    private static readonly BatchRound.NewBatch[] s_oneBatch =
    [
        new(new DrawFacts(0, 0), new BatchOffer(default, new BatchIdentity.First(), default, new BatchRows([], 0)), 0),
    ];

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
        do
        {
            while (await rows.ReadAsync())
            {
                stored.Add((rows.GetInt64(0), rows.GetInt32(1)));
            }
        }
        while (await rows.NextResultAsync());

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

    private static void AddStore(NpgsqlBatch store, BatchRound round)
    {
        if (round.IsEmpty)
        {
            // No draw has this number.
            AddStore(store, default, s_oneBatch, []);
            AddStore(store, default, s_oneBatch, [""]);
            AddStore(store, default, [], []);
            AddStore(store, default, [], [""]);
        }

        ILookup<(long, int), BatchRound.NewBatch> batches = round.Stored.ToLookup(one => one.Key);
        foreach (BatchRound.Growth grown in round.Grown)
        {
            BatchRound.NewBatch[] stored = [.. batches[grown.Key]];
            AddStore(store, grown, stored, [.. stored.SelectMany(WinnersOf)]);
        }
    }

    // The agencies come in the order in which all others lock them; who waits for a lock looks at the agency as it
    // stands behind it.
    private static void AddStore(
        NpgsqlBatch store, BatchRound.Growth grown, BatchRound.NewBatch[] batches, string[] winners)
    {
        var command = new NpgsqlBatchCommand();
        Add(
            command, Value(grown.Draw), Value(grown.Agency), Value(grown.Before), Value(grown.Batches),
            Value(grown.Bets));
        if (batches is [{ Number: var number, Offer: var offer }])
        {
            command.CommandText = winners.Length == 0 ? StoreBatch : StoreBatchAndWinners;
            Add(command, Value(number), Value(offer.Hash.ToArray()), Value(offer.Rows.Bets), Value(offer.Rows.Bytes));
        }
        else
        {
            command.CommandText = winners.Length == 0 ? StoreBatches : StoreBatchesAndWinners;
            Add(command,
                Array(batches.Select(one => one.Number)), Array(batches.Select(one => one.Offer.Hash.ToArray())),
                Array(batches.Select(one => one.Offer.Rows.Bets)), Array(batches.Select(one => one.Offer.Rows.Bytes)));
        }

        if (winners.Length > 0)
        {
            Add(command, Array(winners));
        }

        store.BatchCommands.Add(command);
    }

    private static IEnumerable<string> WinnersOf(BatchRound.NewBatch batch) =>
        BetRows.DocumentsOf(batch.Offer.Rows.Bytes, batch.Draw.WinningNumber);
}
