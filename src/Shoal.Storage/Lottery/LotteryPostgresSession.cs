using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Shoal.Core.Lottery;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>How a draw is read.</summary>
internal enum DrawLock
{
    /// <summary>As it stands.</summary>
    None,

    /// <summary>So that nobody else changes the draw or its agencies before the transaction ends.</summary>
    Change,
}

/// <summary>The statements of everything but batches, within one transaction.</summary>
internal sealed class LotteryPostgresSession(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    public ValueTask<NpgsqlTransaction> BeginAsync(IsolationLevel isolation) =>
        connection.BeginTransactionAsync(isolation, cancellationToken);

    public async Task RunAsync(string sql, params NpgsqlParameter[] values)
    {
        await using NpgsqlCommand command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The one value of the one row; null: there is no row.</summary>
    public async Task<T?> ValueAsync<T>(string sql, params NpgsqlParameter[] values)
        where T : struct
    {
        await using NpgsqlCommand command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : null;
    }

    public async Task<DrawFacts?> FindDrawAsync(DrawName name)
    {
        await using NpgsqlCommand command = Command(
            "SELECT id, winning_number FROM draw WHERE name = $1", Value(name.Value));
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? new DrawFacts(rows.GetInt64(0), rows.GetInt32(1))
            : null;
    }

    // To change a draw its row is locked first and then all agencies' by rising numbers: batches, which lock agencies
    // only and in the same order, are before it or behind it.
    public async Task<DrawStanding?> StandingAsync(DrawName name, DrawLock how)
    {
        string lockDraw = how == DrawLock.Change ? " FOR UPDATE" : "";
        string lockAgencies = how == DrawLock.Change ? " FOR NO KEY UPDATE" : "";
        long id;
        int winning, revision;
        DrawState state;
        await using (NpgsqlCommand command = Command(
            $"SELECT id, winning_number, held, revision FROM draw WHERE name = $1{lockDraw}", Value(name.Value)))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return null;
            }

            id = row.GetInt64(0);
            winning = row.GetInt32(1);
            state = row.GetBoolean(2) ? DrawState.Held : DrawState.Open;
            revision = row.GetInt32(3);
        }

        ImmutableArray<AgencySnapshot>.Builder agencies = ImmutableArray.CreateBuilder<AgencySnapshot>();
        await using (NpgsqlCommand command = Command(
            "SELECT agency, closed, batches, bets FROM agency WHERE draw = $1 ORDER BY agency" + lockAgencies,
            Value(id)))
        await using (NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                agencies.Add(new AgencySnapshot(
                    new AgencyId(rows.GetInt32(0)), state, rows.GetBoolean(1), rows.GetInt64(2), rows.GetInt64(3)));
            }
        }

        var terms = new DrawTerms(name, [.. agencies.Select(one => one.Agency)], winning);
        return new DrawStanding(terms, state, revision, agencies.DrainToImmutable());
    }

    /// <summary>How an agency stands; null: there is no such draw, or it is not on its roster.</summary>
    public async Task<AgencySnapshot?> AgencyAsync(DrawName name, AgencyId agency)
    {
        await using NpgsqlCommand command = Command(
            "SELECT held, closed, batches, bets FROM agency JOIN draw ON draw.id = agency.draw "
            + "WHERE draw.name = $1 AND agency.agency = $2",
            Value(name.Value), Value(agency.Value));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new AgencySnapshot(
                agency, row.GetBoolean(0) ? DrawState.Held : DrawState.Open, row.GetBoolean(1), row.GetInt64(2),
                row.GetInt64(3))
            : null;
    }

    /// <summary>The revision of a draw and whether it is held; null: there is none of this name.</summary>
    public async Task<DrawMark?> MarkAsync(DrawName name)
    {
        await using NpgsqlCommand command = Command(
            "SELECT held, revision FROM draw WHERE name = $1", Value(name.Value));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new DrawMark(row.GetBoolean(0) ? DrawState.Held : DrawState.Open, row.GetInt32(1))
            : null;
    }

    /// <summary>The key that was brought first.</summary>
    public async Task<byte[]> TokenKeyAsync(byte[] made)
    {
        await RunAsync("INSERT INTO token_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING", Value(made));
        await using NpgsqlCommand command = Command("SELECT key FROM token_key WHERE id = 1");
        return (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Copies the rows of all batches, in the order in which they were stored.</summary>
    public static async Task<long> ExportAsync(
        NpgsqlConnection connection, DrawName draw, Stream output, CancellationToken cancellationToken)
    {
        long bets = 0;
        await using var command = new NpgsqlCommand(
            "SELECT bets, rows FROM batch WHERE draw = (SELECT id FROM draw WHERE name = $1) ORDER BY id", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = draw.Value });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            bets += rows.GetInt32(0);
            await output.WriteAsync(rows.GetFieldValue<byte[]>(1), cancellationToken);
        }

        return bets;
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }
}
