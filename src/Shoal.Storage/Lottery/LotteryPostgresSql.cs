using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>The statements that store batches in PostgreSQL: one round trip to look, one to store.</summary>
internal static class LotteryPostgresSql
{
    /// <summary>The schema in which the tables lie.</summary>
    public const string Schema = "shoal";

    /// <summary>The steps from nothing to the newest tables.</summary>
    /// <remarks>
    /// As in SQLite a batch is kept whole, as the rows that an export prints. It is short and random enough that the
    /// database's own compression costs more time than it saves, so it lies in the row as it is.
    /// </remarks>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE shoal.draw (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,
            winning_number integer NOT NULL, held boolean NOT NULL, revision integer NOT NULL);
        CREATE TABLE shoal.agency (
            draw bigint NOT NULL REFERENCES shoal.draw, agency integer NOT NULL, closed boolean NOT NULL,
            batches bigint NOT NULL, bets bigint NOT NULL, PRIMARY KEY (draw, agency)) WITH (fillfactor = 50);
        CREATE TABLE shoal.batch (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, draw bigint NOT NULL, agency integer NOT NULL,
            number bigint NOT NULL, hash bytea NOT NULL, bets integer NOT NULL, rows bytea NOT NULL,
            FOREIGN KEY (draw, agency) REFERENCES shoal.agency) WITH (toast_tuple_target = 8160);
        ALTER TABLE shoal.batch ALTER COLUMN rows SET STORAGE EXTERNAL;
        CREATE UNIQUE INDEX batch_by_number ON shoal.batch (draw, agency, number);
        CREATE INDEX batch_by_hash ON shoal.batch (draw, agency, hash, number);
        CREATE TABLE shoal.winner (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, draw bigint NOT NULL, agency integer NOT NULL,
            document text NOT NULL, FOREIGN KEY (draw, agency) REFERENCES shoal.agency);
        CREATE INDEX winner_by_agency ON shoal.winner (draw, agency, id);
        """,
        "CREATE TABLE shoal.token_key (id integer PRIMARY KEY CHECK (id = 1), key bytea NOT NULL)",
        "CREATE INDEX agency_open ON shoal.agency (draw, agency) WHERE NOT closed",
    ];

    /// <summary>
    /// What a connection that stores batches is told first. A plan is made while the tables are empty and kept while
    /// they grow; read from end to end, as is best for an empty table, they would make every batch slower than the
    /// one before it.
    /// </summary>
    public const string Prepare = "SET enable_seqscan = off";

    /// <summary>
    /// Locks the agencies of a round and reads what its rules need. The locks come first and everything else is read
    /// behind them, each statement with a view of its own, so that nothing that is read is older than its lock.
    /// </summary>
    public static NpgsqlBatch Look(NpgsqlConnection connection, BatchRound round)
    {
        (long Draw, int Agency)[] agencies = [.. round.Agencies];
        var look = new NpgsqlBatch(connection);
        Add(look, "BEGIN");
        Add(look,
            """
            SELECT draw, agency, closed, batches, bets
            FROM agency JOIN unnest($1, $2) AS wanted (draw, agency) USING (draw, agency)
            ORDER BY draw, agency FOR NO KEY UPDATE OF agency
            """,
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

    /// <summary>Reads the answers to <see cref="Look"/>.</summary>
    public static async Task ReadAsync(NpgsqlDataReader rows, BatchRound round)
    {
        while (await rows.ReadAsync())
        {
            round.SawAgency(rows.GetInt64(0), new AgencySnapshot(
                new AgencyId(rows.GetInt32(1)), DrawState.Open, rows.GetBoolean(2), rows.GetInt64(3),
                rows.GetInt64(4)));
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

    /// <summary>Stores what a round has decided.</summary>
    public static NpgsqlBatch Store(NpgsqlConnection connection, BatchRound round)
    {
        var store = new NpgsqlBatch(connection);
        if (round.Stored.Count > 0)
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

    /// <summary>A value of many, as a parameter.</summary>
    public static NpgsqlParameter Array<T>(IEnumerable<T> values) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. values] };

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

        if (draws.Count > 0)
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

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (NpgsqlParameter value in values)
        {
            command.Parameters.Add(value);
        }

        batch.BatchCommands.Add(command);
    }
}
