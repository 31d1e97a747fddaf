using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>
/// The statements of <see cref="SqliteLotteryStore"/>, prepared once. Used within its writer's transactions, one at a
/// time.
/// </summary>
internal sealed class LotterySql(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>A draw's row.</summary>
    public sealed record DrawRow(long Id, int WinningNumber, DrawState State, int Revision);

    public DrawRow? FindDraw(DrawName name)
    {
        using SqliteDataReader row = Read(
            "SELECT id, winning_number, state, revision FROM draw WHERE name = $0", name.Value);
        return row.Read()
            ? new DrawRow(row.GetInt64(0), row.GetInt32(1), (DrawState)row.GetInt32(2), row.GetInt32(3))
            : null;
    }

    public bool TryAddDraw(DrawTerms terms)
    {
        if (FindDraw(terms.Name) is not null)
        {
            return false;
        }

        Run("INSERT INTO draw (name, winning_number, state, revision) VALUES ($0, $1, 0, 1)",
            terms.Name.Value, terms.WinningNumber);
        DrawRow draw = FindDraw(terms.Name)!;
        foreach (AgencyId agency in terms.Roster)
        {
            Run("INSERT INTO agency (draw, agency, closed, batches, bets) VALUES ($0, $1, 0, 0, 0)",
                draw.Id, agency.Value);
        }

        return true;
    }

    public AgencySnapshot? FindAgency(DrawRow draw, AgencyId agency)
    {
        using SqliteDataReader row = Read(
            "SELECT closed, batches, bets FROM agency WHERE draw = $0 AND agency = $1", draw.Id, agency.Value);
        return row.Read()
            ? new AgencySnapshot(agency, draw.State, row.GetBoolean(0), row.GetInt64(1), row.GetInt64(2))
            : null;
    }

    /// <summary>Two of the agencies that have not closed, or fewer if there are not so many.</summary>
    public List<AgencyId> OpenAgencies(DrawRow draw)
    {
        using SqliteDataReader rows = Read(
            "SELECT agency FROM agency WHERE draw = $0 AND closed = 0 LIMIT 2", draw.Id);
        var open = new List<AgencyId>();
        while (rows.Read())
        {
            open.Add(new AgencyId(rows.GetInt32(0)));
        }

        return open;
    }

    public StoredBatch? FindBatch(DrawRow draw, AgencyId agency, long number) => ReadBatch(Read(
        "SELECT number, hash FROM batch WHERE draw = $0 AND agency = $1 AND number = $2",
        draw.Id, agency.Value, number));

    /// <summary>The earliest batch of this content.</summary>
    public StoredBatch? FindBatch(DrawRow draw, AgencyId agency, BatchHash hash) => ReadBatch(Read(
        "SELECT number, hash FROM batch WHERE draw = $0 AND agency = $1 AND hash = $2 ORDER BY number LIMIT 1",
        draw.Id, agency.Value, hash.ToArray()));

    public void AddBatch(DrawRow draw, BatchOffer offer, long number)
    {
        Run("INSERT INTO batch (draw, agency, number, hash, bets, rows) VALUES ($0, $1, $2, $3, $4, $5)",
            draw.Id, offer.Agency.Value, number, offer.Hash.ToArray(), offer.Rows.Bets, offer.Rows.Bytes);
        Run("UPDATE agency SET batches = $2, bets = bets + $3 WHERE draw = $0 AND agency = $1",
            draw.Id, offer.Agency.Value, number, offer.Rows.Bets);
        foreach (string document in BetRows.DocumentsOf(offer.Rows.Bytes, draw.WinningNumber))
        {
            Run("INSERT INTO winner (draw, agency, document) VALUES ($0, $1, $2)",
                draw.Id, offer.Agency.Value, document);
        }
    }

    public void Close(DrawRow draw, AgencyId agency) =>
        Run("UPDATE agency SET closed = 1 WHERE draw = $0 AND agency = $1", draw.Id, agency.Value);

    public void Hold(DrawRow draw) => Run("UPDATE draw SET state = 1 WHERE id = $0", draw.Id);

    public int Reopen(DrawRow draw)
    {
        Run("UPDATE draw SET state = 0, revision = revision + 1 WHERE id = $0", draw.Id);
        Run("UPDATE agency SET closed = 0 WHERE draw = $0", draw.Id);
        return draw.Revision + 1;
    }

    public DrawStanding Standing(DrawName name, DrawRow draw)
    {
        using SqliteDataReader rows = Read(
            "SELECT agency, closed, batches, bets FROM agency WHERE draw = $0 ORDER BY agency", draw.Id);
        ImmutableArray<AgencySnapshot>.Builder agencies = ImmutableArray.CreateBuilder<AgencySnapshot>();
        while (rows.Read())
        {
            agencies.Add(new AgencySnapshot(
                new AgencyId(rows.GetInt32(0)), draw.State, rows.GetBoolean(1), rows.GetInt64(2),
                rows.GetInt64(3)));
        }

        var terms = new DrawTerms(name, [.. agencies.Select(one => one.Agency)], draw.WinningNumber);
        return new DrawStanding(terms, draw.State, draw.Revision, agencies.DrainToImmutable());
    }

    public ImmutableArray<string> Winners(DrawRow draw, AgencyId agency)
    {
        using SqliteDataReader rows = Read(
            "SELECT document FROM winner WHERE draw = $0 AND agency = $1 ORDER BY id", draw.Id, agency.Value);
        ImmutableArray<string>.Builder documents = ImmutableArray.CreateBuilder<string>();
        while (rows.Read())
        {
            documents.Add(rows.GetString(0));
        }

        return documents.DrainToImmutable();
    }

    /// <summary>The key that was brought first.</summary>
    public byte[] TokenKey(byte[] made)
    {
        Run("INSERT OR IGNORE INTO token_key (id, key) VALUES (1, $0)", made);
        using SqliteDataReader row = Read("SELECT key FROM token_key WHERE id = 1");
        row.Read();
        return row.GetFieldValue<byte[]>(0);
    }

    /// <summary>Copies the rows of all batches, in the order in which they were stored.</summary>
    public static async Task<long> ExportAsync(
        SqliteConnection reading, DrawName draw, Stream output, CancellationToken cancellationToken)
    {
        long bets = 0;
        using SqliteCommand command = reading.CreateCommand();
        command.CommandText =
            "SELECT bets, rows FROM batch WHERE draw = (SELECT id FROM draw WHERE name = $0) ORDER BY id";
        command.Parameters.AddWithValue("$0", draw.Value);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            bets += rows.GetInt64(0);
            await output.WriteAsync(rows.GetFieldValue<byte[]>(1), cancellationToken);
        }

        return bets;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private static StoredBatch? ReadBatch(SqliteDataReader row)
    {
        using (row)
        {
            return row.Read()
                ? new StoredBatch(row.GetInt64(0), BatchHash.Read(row.GetFieldValue<byte[]>(1)))
                : null;
        }
    }

    private SqliteDataReader Read(string sql, params ReadOnlySpan<object> values) =>
        Prepare(sql, values).ExecuteReader();

    private void Run(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteNonQuery();

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue($"${i}", values[i]);
            }

            command.Prepare();
            _prepared[sql] = command;
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command;
    }
}
