using Npgsql;
using Shoal.Core.Lottery;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>An agency that wants to close.</summary>
/// <param name="Name">The draw's name.</param>
/// <param name="Draw">The draw.</param>
/// <param name="Agency">The agency.</param>
/// <param name="Counts">What it says that it has brought; null: it does not say.</param>
internal sealed record CloseWork(DrawName Name, DrawFacts Draw, AgencyId Agency, BroughtCounts? Counts);

/// <summary>
/// Closes in PostgreSQL, those of many agencies in one transaction. It locks their draws' rows: meanwhile nobody else
/// closes an agency, holds the draw or opens it again. Of the agencies only those that close are locked, so that others
/// store meanwhile: who has closed changes only under the draw's lock, and who has closed already stores nothing.
/// </summary>
internal static class ClosesPostgresSql
{
    /// <summary>Decides about closes and carries them out.</summary>
    public static async Task<IReadOnlyList<CloseDecision>> CloseAsync(
        NpgsqlConnection connection, IReadOnlyList<CloseWork> works)
    {
        var round = new CloseRound(works);
        await using (NpgsqlBatch look = Look(connection, round))
        await using (NpgsqlDataReader rows = await look.ExecuteReaderAsync())
        {
            await ReadAsync(rows, round);
        }

        CloseDecision[] decisions = [.. works.Select(round.Decide)];
        await using (NpgsqlBatch store = Store(connection, round))
        {
            await store.ExecuteNonQueryAsync();
        }

        return decisions;
    }

    // The locks come first, the draws' before the agencies', always in this order; each statement has a view of its
    // own, so that nothing that is read is older than its lock.
    private static NpgsqlBatch Look(NpgsqlConnection connection, CloseRound round)
    {
        var look = new NpgsqlBatch(connection);
        Add(look, "BEGIN");
        Add(look, "SELECT id, held FROM draw WHERE id = ANY($1) ORDER BY id FOR UPDATE", Array(round.Draws));
        Add(look, LockAgencies,
            Array(round.Agencies.Select(one => one.Draw)), Array(round.Agencies.Select(one => one.Agency.Value)));
        Add(look,
            """
            SELECT wanted.draw, found.agency
            FROM unnest($1) AS wanted (draw)
            CROSS JOIN LATERAL (
                SELECT agency FROM agency WHERE draw = wanted.draw AND NOT closed ORDER BY agency LIMIT $2) AS found
            """,
            Array(round.Draws), new NpgsqlParameter<long> { TypedValue = round.MostOpen });
        return look;
    }

    private static async Task ReadAsync(NpgsqlDataReader rows, CloseRound round)
    {
        while (await rows.ReadAsync())
        {
            round.SawDraw(rows.GetInt64(0), rows.GetBoolean(1) ? DrawState.Held : DrawState.Open);
        }

        await rows.NextResultAsync();
        while (await rows.ReadAsync())
        {
            round.SawAgency(rows.GetInt64(0), ReadAgency(rows));
        }

        await rows.NextResultAsync();
        while (await rows.ReadAsync())
        {
            round.SawOpen(rows.GetInt64(0), new AgencyId(rows.GetInt32(1)));
        }
    }

    private static NpgsqlBatch Store(NpgsqlConnection connection, CloseRound round)
    {
        var store = new NpgsqlBatch(connection);
        if (round.Closed.Count > 0 || round.IsEmpty)
        {
            Add(store,
                """
                UPDATE agency SET closed = true FROM unnest($1, $2) AS new (draw, agency)
                WHERE agency.draw = new.draw AND agency.agency = new.agency
                """,
                Array(round.Closed.Select(one => one.Draw)), Array(round.Closed.Select(one => one.Agency.Value)));
        }

        if (round.Held.Count > 0 || round.IsEmpty)
        {
            // The notice is sent with the commit, or not at all.
            Add(store, "UPDATE draw SET held = true WHERE id = ANY($1)", Array(round.Held.Select(one => one.Id)));
            Add(store, "SELECT pg_notify($1, name) FROM unnest($2) AS held (name)",
                new NpgsqlParameter<string> { TypedValue = PostgresDrawWatch.Channel },
                Array(round.Held.Select(one => one.Name.Value)));
        }

        Add(store, "COMMIT");
        return store;
    }
}
