using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Shoal.Storage.Sqlite;

namespace Shoal.Bench.Lottery;

/// <summary>
/// What the database does by itself: five loops that insert a batch's rows and commit, each waiting for the one commit
/// before its next, in one SQLite file with full sync.
/// </summary>
internal static class LotteryRaw
{
    private const int Loops = 5;

    /// <summary>Rows a second.</summary>
    public static double Run(string folder, int batch, TimeSpan time)
    {
        string path = Path.Join(folder, $"raw-{batch}.db");
        using SqliteConnection connection = SqliteFile.Open(path,
        [
            "CREATE TABLE bet (id INTEGER PRIMARY KEY, agency INTEGER, first_name TEXT, last_name TEXT, "
            + "document TEXT, birthdate TEXT, number INTEGER)",
        ]);
        var gate = new Lock();
        long rows = 0;
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, Loops, new ParallelOptions { MaxDegreeOfParallelism = Loops }, loop =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                lock (gate)
                {
                    Insert(connection, loop, batch);
                    rows += batch;
                }
            }
        });
        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Insert(SqliteConnection connection, int agency, int batch)
    {
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO bet (agency, first_name, last_name, document, birthdate, number) "
            + "VALUES ($0, 'Santiago Lionel', 'Lorca', '30904465', '1999-03-17', 7574)";
        insert.Parameters.AddWithValue("$0", agency);
        insert.Prepare();
        for (int i = 0; i < batch; i++)
        {
            insert.ExecuteNonQuery();
        }

        SqliteFile.Run(connection, "COMMIT");
    }
}
