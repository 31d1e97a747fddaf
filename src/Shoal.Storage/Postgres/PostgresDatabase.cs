using System.Net.Sockets;
using Npgsql;

namespace Shoal.Storage.Postgres;

/// <summary>A PostgreSQL database that several processes share.</summary>
public static class PostgresDatabase
{
    // Any number that nobody else takes: who holds this lock may change the tables.
    private const long MigrationLock = 0x53686F616C;

    private const int PreparedStatements = 32;

    // PostgreSQL's name for the temporary tables of one's own session.
    private const string TemporarySchema = "pg_temp";

    /// <summary>
    /// Connections at the same time, whatever the connection string says: at least what stays open all the time and a
    /// few more, at most so many that several hubs have room in a database as it is installed.
    /// </summary>
    public const int LeastConnections = 14, MostConnections = 16;

    /// <summary>Connects, and brings the tables to their newest shape.</summary>
    /// <param name="connection">A connection string as Npgsql reads it: <c>Host=...;Database=...</c>.</param>
    /// <param name="schema">The schema in which the tables lie; it is made if it is absent.</param>
    /// <param name="migrations">
    /// The steps from an empty schema to the newest shape, as SQL. What a database has behind it is never run again, so
    /// a step that has been released is never changed: a new one is added behind it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">
    /// The text is no connection string, nobody answers, or the database is newer than this program; the message says
    /// which, and repeats no password.
    /// </exception>
    public static async Task<NpgsqlDataSource> OpenAsync(
        string connection, string schema, IReadOnlyList<string> migrations, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder parts = Read(connection, schema);
        var source = NpgsqlDataSource.Create(parts);
        try
        {
            await MigrateAsync(source, schema, migrations, cancellationToken);
            return await WriteThroughAsync(source, parts, cancellationToken);
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            await source.DisposeAsync();
            throw explained;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Connections to a database of which each has the tables for itself, and leaves nothing when it ends. The database
    /// is not looked at before the first of them is opened.
    /// </summary>
    /// <param name="connection">A connection string that <see cref="OpenAsync"/> took.</param>
    /// <param name="schema">The schema that the statements name.</param>
    /// <param name="statements">What makes the tables and their first rows.</param>
    public static NpgsqlDataSource OpenTemporary(string connection, string schema, IEnumerable<string> statements)
    {
        NpgsqlConnectionStringBuilder parts = Read(connection, schema);
        parts.SearchPath = TemporarySchema;
        parts.NoResetOnClose = true;
        string make = string.Join(';', statements)
            .Replace($"{schema}.", $"{TemporarySchema}.", StringComparison.Ordinal);
        return new NpgsqlDataSourceBuilder(parts.ConnectionString)
            .UsePhysicalConnectionInitializer(
                one => MakeAsync(one, make).GetAwaiter().GetResult(), one => MakeAsync(one, make))
            .Build();
    }

    /// <summary>What went wrong with the database, as its owner tells it; null: something else went wrong.</summary>
    public static IOException? Explain(Exception e) => e switch
    {
        PostgresException told => new IOException($"PostgreSQL: {told.MessageText} ({told.SqlState})", e),
        NpgsqlException { InnerException: (SocketException or TimeoutException or IOException) and var inner } broken
            when inner.Message != broken.Message =>
            new IOException($"PostgreSQL: {broken.Message}: {inner.Message}", e),
        NpgsqlException other => new IOException($"PostgreSQL: {other.Message}", e),
        TimeoutException late => new IOException($"PostgreSQL: {late.Message}", e),
        SocketException refused => new IOException($"PostgreSQL: {refused.Message}", e),
        _ => null,
    };

    /// <summary>A connection string for people: where and as whom, without the secrets.</summary>
    public static string Describe(string connection)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            return $"Host={parts.Host};Port={parts.Port};Database={parts.Database ?? parts.Username}";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return "(no connection string)";
        }
    }

    private static async Task MakeAsync(NpgsqlConnection connection, string statements)
    {
        await using var make = new NpgsqlCommand(statements, connection);
        await make.ExecuteNonQueryAsync();
    }

    private static NpgsqlConnectionStringBuilder Read(string connection, string schema)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message of the exception could repeat a password that stands in the wrong place.
            throw new IOException(
                "the text is no connection string; write it as \"Host=db.example.com;Database=shoal;Username=shoal\"",
                e);
        }

        if (string.IsNullOrEmpty(parts.Host))
        {
            throw new IOException("the connection string names no Host");
        }

        parts.ApplicationName ??= "shoal";
        parts.SearchPath ??= schema;
        parts.MaxPoolSize = Math.Clamp(parts.MaxPoolSize, LeastConnections, MostConnections);
        if (!parts.ContainsKey("Max Auto Prepare") || parts.MaxAutoPrepare == 0)
        {
            parts.MaxAutoPrepare = PreparedStatements;
            parts.AutoPrepareMinUsages = 2;
        }

        return parts;
    }

    // A database may be set up so that a commit returns before it is on the disk. An ack may not rest on that.
    private static async Task<NpgsqlDataSource> WriteThroughAsync(
        NpgsqlDataSource source, NpgsqlConnectionStringBuilder parts, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand("SHOW synchronous_commit");
        if (await command.ExecuteScalarAsync(cancellationToken) is not "off")
        {
            return source;
        }

        await source.DisposeAsync();
        parts.Options = $"{parts.Options} -c synchronous_commit=on";
        return NpgsqlDataSource.Create(parts);
    }

    // Hubs that start together change the tables one after the other: all but the first find nothing to do.
    private static async Task MigrateAsync(
        NpgsqlDataSource source, string schema, IReadOnlyList<string> migrations, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync($"SELECT pg_advisory_xact_lock({MigrationLock})");
        await RunAsync($"CREATE SCHEMA IF NOT EXISTS {schema}");
        await RunAsync($"CREATE TABLE IF NOT EXISTS {schema}.migration (step integer PRIMARY KEY)");
        await using var command = new NpgsqlCommand(
            $"SELECT COALESCE(MAX(step), 0) FROM {schema}.migration", connection, transaction);
        int done = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (done > migrations.Count)
        {
            throw new IOException(
                $"the schema '{schema}' was written by a newer version of this program; run that one, or name another "
                + "database");
        }

        for (int step = done; step < migrations.Count; step++)
        {
            await RunAsync(migrations[step]);
            await RunAsync($"INSERT INTO {schema}.migration (step) VALUES ({step + 1})");
        }

        await transaction.CommitAsync(cancellationToken);

        async Task RunAsync(string sql)
        {
            await using var one = new NpgsqlCommand(sql, connection, transaction);
            await one.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
