using Npgsql;

namespace Shoal.Bench.Lottery;

/// <summary>A table in PostgreSQL: an insert and a commit a batch, a connection for each of those who ask.</summary>
internal sealed class PostgresBareTable : IBareTable
{
    private readonly NpgsqlDataSource _source;

    private PostgresBareTable(NpgsqlDataSource source) => _source = source;

    public static async Task<PostgresBareTable> MakeAsync(string store, CancellationToken cancellation)
    {
        var parts = new NpgsqlConnectionStringBuilder(store) { MaxAutoPrepare = 8, AutoPrepareMinUsages = 1 };
        var source = NpgsqlDataSource.Create(parts);
        await using NpgsqlCommand make = source.CreateCommand(
            """
            DROP TABLE IF EXISTS bare_bet;
            CREATE TABLE bare_bet (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, agency integer, first_name text, last_name text,
                document text, birthdate date, number integer)
            """);
        await make.ExecuteNonQueryAsync(cancellation);
        return new PostgresBareTable(source);
    }

    public async Task InsertAsync(int agency, int rows)
    {
        await using NpgsqlCommand insert = _source.CreateCommand(
            """
            INSERT INTO bare_bet (agency, first_name, last_name, document, birthdate, number)
            SELECT $1, 'Santiago Lionel', 'Lorca', unnest($2), '1999-03-17', 7574
            """);
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = agency });
        string[] documents = [.. Enumerable.Repeat("30904465", rows)];
        insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = documents });
        await insert.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using (NpgsqlCommand drop = _source.CreateCommand("DROP TABLE bare_bet"))
        {
            await drop.ExecuteNonQueryAsync();
        }

        await _source.DisposeAsync();
    }
}
