using Microsoft.Data.Sqlite;

namespace Shoal.Storage.Sqlite;

/// <summary>
/// A database in one file. Opened so that a commit is on the disk when it returns: a write-ahead log, written through
/// at every commit.
/// </summary>
public static class SqliteFile
{
    private const int BusySeconds = 5;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens a database, makes it if it is absent, and brings its tables to the newest shape.</summary>
    /// <param name="path">The file; its folder is there.</param>
    /// <param name="migrations">
    /// The steps from an empty database to the newest shape, as SQL. What a database has behind it is never run again,
    /// so a step that has been released is never changed: a new one is added behind it.
    /// </param>
    /// <exception cref="IOException">
    /// It cannot be opened, or is newer than this program; the message says so.
    /// </exception>
    public static SqliteConnection Open(string path, IReadOnlyList<string> migrations)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL");
            Run(connection, "PRAGMA synchronous = FULL");
            Run(connection, "PRAGMA foreign_keys = ON");
            Migrate(connection, path, migrations);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement without values and without rows.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>What went wrong with a database, as its owner tells it.</summary>
    public static IOException Explain(string path, SqliteException e) => new($"{path}: {e.Message}", e);

    private static void Migrate(SqliteConnection connection, string path, IReadOnlyList<string> migrations)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long done = (long)command.ExecuteScalar()!;
        if (done > migrations.Count)
        {
            throw new IOException(
                $"{path} was written by a newer version of this program; run that one, or name another folder");
        }

        for (int step = (int)done; step < migrations.Count; step++)
        {
            Run(connection, migrations[step]);
        }

        Run(connection, $"PRAGMA user_version = {migrations.Count}");
        transaction.Commit();
    }
}
