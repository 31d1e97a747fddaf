using Npgsql;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A database of one test's own in a PostgreSQL that somebody runs; <c>.ci/run</c> installs and starts one.
/// </summary>
internal sealed class PostgresTrial : IAsyncDisposable
{
    /// <summary>The environment variable with the connection string of somebody who may make databases.</summary>
    public const string Variable = "SHOAL_TEST_POSTGRES";

    private readonly string _owner;
    private readonly string _name;

    private PostgresTrial(string owner, string name)
    {
        _owner = owner;
        _name = name;
        Connection = new NpgsqlConnectionStringBuilder(owner) { Database = name }.ConnectionString;
    }

    /// <summary>How the database is reached.</summary>
    public string Connection { get; }

    /// <summary>Makes an empty database; skips the test, out loud, where there is no PostgreSQL.</summary>
    public static async Task<PostgresTrial> CreateAsync()
    {
        string? owner = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(owner),
            $"no PostgreSQL: set {Variable}=\"Host=...;Username=...\" for somebody who may make databases, or run "
            + ".ci/run, which starts one");
        var trial = new PostgresTrial(owner!, $"shoal_test_{Guid.NewGuid():N}");
        await RunAsync(owner!, $"CREATE DATABASE {trial._name}");
        return trial;
    }

    /// <summary>Runs a statement in the database.</summary>
    public Task RunAsync(string sql) => RunAsync(Connection, sql);

    /// <summary>Reads one number from the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return Convert.ToInt64(
            await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync() => await RunAsync(_owner, $"DROP DATABASE {_name} WITH (FORCE)");

    private static async Task RunAsync(string connection, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
