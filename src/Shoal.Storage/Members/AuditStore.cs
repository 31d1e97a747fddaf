using Microsoft.Data.Sqlite;
using Shoal.Core.Members;
using Shoal.Storage.Sqlite;

namespace Shoal.Storage.Members;

/// <summary>Operations that the log's side has not confirmed yet, in a SQLite database, in their order.</summary>
public sealed class AuditStore : IAsyncDisposable
{
    /// <summary>The name of the database in a data folder.</summary>
    public const string FileName = "audit.db";

    private static readonly string[] s_migrations =
    [
        """
        CREATE TABLE operations (
            number INTEGER PRIMARY KEY,
            user TEXT NOT NULL,
            operation TEXT NOT NULL,
            stamp TEXT NOT NULL);
        """,
    ];

    private readonly SqliteWriter _writer;
    private long _count;

    private AuditStore(SqliteConnection connection, string path) => _writer = new SqliteWriter(connection, path);

    /// <summary>How many there are.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Opens the store in a folder that is there.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static async Task<AuditStore> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Join(folder, FileName);
        var store = new AuditStore(SqliteFile.Open(path, s_migrations), path);
        await store._writer.WriteAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT COUNT(*) FROM operations";
                store._count = (long)command.ExecuteScalar()!;
            },
            cancellationToken);
        return store;
    }

    /// <summary>Adds operations at the end. When this returns they are there even after a power cut.</summary>
    /// <exception cref="IOException">None of them is stored; the message says why.</exception>
    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await _writer.WriteAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText =
                    "INSERT INTO operations (user, operation, stamp) VALUES ($user, $operation, $stamp)";
                SqliteParameter user = command.Parameters.Add("$user", SqliteType.Text);
                SqliteParameter operation = command.Parameters.Add("$operation", SqliteType.Text);
                SqliteParameter stamp = command.Parameters.Add("$stamp", SqliteType.Text);
                foreach (AuditEntry entry in entries)
                {
                    (user.Value, operation.Value, stamp.Value) = (entry.User, entry.Operation, entry.Stamp);
                    command.ExecuteNonQuery();
                }
            },
            cancellationToken);
        Interlocked.Add(ref _count, entries.Count);
    }

    /// <summary>The oldest operations.</summary>
    /// <exception cref="IOException">They cannot be read; the message says why.</exception>
    public async Task<IReadOnlyList<StoredEntry>> OldestAsync(int most, CancellationToken cancellationToken)
    {
        var entries = new List<StoredEntry>();
        await _writer.WriteAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText =
                    "SELECT number, user, operation, stamp FROM operations ORDER BY number LIMIT $most";
                command.Parameters.AddWithValue("$most", most);
                using SqliteDataReader rows = command.ExecuteReader();
                while (rows.Read())
                {
                    entries.Add(new StoredEntry(
                        rows.GetInt64(0), new AuditEntry(rows.GetString(1), rows.GetString(2), rows.GetString(3))));
                }
            },
            cancellationToken);
        return entries;
    }

    /// <summary>Removes the oldest operations, up to one of them.</summary>
    /// <exception cref="IOException">They are all still there; the message says why.</exception>
    public async Task RemoveAsync(StoredEntry last, CancellationToken cancellationToken)
    {
        int removed = 0;
        await _writer.WriteAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "DELETE FROM operations WHERE number <= $last";
                command.Parameters.AddWithValue("$last", last.Number);
                removed = command.ExecuteNonQuery();
            },
            cancellationToken);
        Interlocked.Add(ref _count, -removed);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}

/// <summary>An operation in the store.</summary>
/// <param name="Number">Its place; later ones have higher numbers.</param>
/// <param name="Entry">What it is.</param>
public sealed record StoredEntry(long Number, AuditEntry Entry);
