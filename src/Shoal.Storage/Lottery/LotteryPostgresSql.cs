using Npgsql;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>The tables in PostgreSQL, and what all statements over them share.</summary>
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

        // A batch is stored from the row of its agency, in one statement: to look that row up once more was a seventh
        // of what the statement took.
        "ALTER TABLE shoal.batch DROP CONSTRAINT batch_draw_agency_fkey",
    ];

    /// <summary>The statement that makes a draw in tables that are empty.</summary>
    public static string InsertDraw(DrawTerms draw) =>
        $"""
        INSERT INTO {Schema}.draw (name, winning_number, held, revision)
        VALUES ('{draw.Name}', {draw.WinningNumber}, false, 1);
        INSERT INTO {Schema}.agency (draw, agency, closed, batches, bets)
        SELECT id, unnest(ARRAY[{string.Join(',', draw.Roster)}]), false, 0, 0 FROM {Schema}.draw;
        """;

    /// <summary>Locks agencies until the transaction ends, and reads them as they stand then.</summary>
    public const string LockAgencies =
        """
        SELECT draw, agency, closed, batches, bets
        FROM agency JOIN unnest($1, $2) AS wanted (draw, agency) USING (draw, agency)
        ORDER BY draw, agency FOR NO KEY UPDATE OF agency
        """;

    /// <summary>What is said of a name that no draw has.</summary>
    public static string NoDraw(DrawName name) => $"there is no draw {name}";

    /// <summary>Reads a row of <see cref="LockAgencies"/>, as if its draw were open.</summary>
    public static AgencySnapshot ReadAgency(NpgsqlDataReader row) => new(
        new AgencyId(row.GetInt32(1)), DrawState.Open, row.GetBoolean(2), row.GetInt64(3), row.GetInt64(4));

    /// <summary>A value, as a parameter.</summary>
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A value of many, as a parameter.</summary>
    public static NpgsqlParameter Array<T>(IEnumerable<T> values) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. values] };

    /// <summary>Adds a statement with its values.</summary>
    public static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command, values);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Adds values to a statement.</summary>
    public static void Add(NpgsqlBatchCommand command, params ReadOnlySpan<NpgsqlParameter> values)
    {
        foreach (NpgsqlParameter value in values)
        {
            command.Parameters.Add(value);
        }
    }
}
