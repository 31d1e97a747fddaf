using Npgsql;
using Shoal.Core.Lottery;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>An agency that asks for its winners.</summary>
/// <param name="Draw">The draw.</param>
/// <param name="Agency">The agency.</param>
internal sealed record WinnersWork(DrawFacts Draw, AgencyId Agency);

/// <summary>Reads winners in PostgreSQL, those of many agencies at once.</summary>
internal static class WinnersPostgresSql
{
    /// <summary>Reads what each agency may know.</summary>
    public static async Task<IReadOnlyList<WinnersAnswer>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<WinnersWork> works)
    {
        await using var read = new NpgsqlBatch(connection);
        Add(read,
            """
            SELECT COALESCE(draw.held, false), agency.agency IS NOT NULL,
                CASE WHEN draw.held THEN ARRAY(
                    SELECT document FROM winner
                    WHERE winner.draw = asked.draw AND winner.agency = asked.agency ORDER BY id) END
            FROM unnest($1, $2) WITH ORDINALITY AS asked (draw, agency, place)
            LEFT JOIN draw ON draw.id = asked.draw
            LEFT JOIN agency ON agency.draw = asked.draw AND agency.agency = asked.agency
            ORDER BY place
            """,
            Array(works.Select(work => work.Draw.Id)), Array(works.Select(work => work.Agency.Value)));
        await using NpgsqlDataReader rows = await read.ExecuteReaderAsync();
        var answers = new List<WinnersAnswer>(works.Count);
        while (await rows.ReadAsync())
        {
            answers.Add(Read(rows, works[answers.Count].Agency));
        }

        return answers;
    }

    private static WinnersAnswer Read(NpgsqlDataReader row, AgencyId agency)
    {
        if (!row.GetBoolean(1))
        {
            return new WinnersAnswer.Refuse(LotteryRules.NotOnRoster(agency));
        }

        return row.GetBoolean(0)
            ? new WinnersAnswer.Held([.. row.GetFieldValue<string[]>(2)])
            : new WinnersAnswer.NotYet();
    }
}
