using Microsoft.Data.Sqlite;
using Shoal.Storage.Sqlite;

namespace Shoal.Bench.Lottery;

/// <summary>A table in a SQLite file with full sync: an insert a row, a commit a batch, one at a time.</summary>
internal sealed class SqliteBareTable : IBareTable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly Lock _gate = new();

    public SqliteBareTable(string path)
    {
        _connection = SqliteFile.Open(path,
        [
            "CREATE TABLE bet (id INTEGER PRIMARY KEY, agency INTEGER, first_name TEXT, last_name TEXT, "
            + "document TEXT, birthdate TEXT, number INTEGER)",
        ]);
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO bet (agency, first_name, last_name, document, birthdate, number) "
            + "VALUES ($0, 'Santiago Lionel', 'Lorca', '30904465', '1999-03-17', 7574)";
        _insert.Parameters.AddWithValue("$0", 0);
        _insert.Prepare();
    }

    public Task InsertAsync(int agency, int rows)
    {
        lock (_gate)
        {
            SqliteFile.Run(_connection, "BEGIN IMMEDIATE");
            _insert.Parameters[0].Value = agency;
            for (int i = 0; i < rows; i++)
            {
                _insert.ExecuteNonQuery();
            }

            SqliteFile.Run(_connection, "COMMIT");
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
