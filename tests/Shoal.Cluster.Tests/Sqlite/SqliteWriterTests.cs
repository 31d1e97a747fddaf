using Microsoft.Data.Sqlite;
using Shoal.Cluster.Tests.Bench;
using Shoal.Storage.Sqlite;

namespace Shoal.Cluster.Tests.Sqlite;

/// <summary>The one writer of a database, and the shape of its tables.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private static readonly string[] s_migrations = ["CREATE TABLE marks (number INTEGER PRIMARY KEY)"];

    private readonly Scratch _scratch = new();

    private string Path => _scratch["a.db"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Works_that_come_together_share_a_commit()
    {
        await using SqliteWriter writer = Open();
        using var gate = new ManualResetEventSlim();
        Task first = writer.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        Task[] rest = [.. Enumerable.Range(0, 100).Select(i => MarkAsync(writer, i))];
        gate.Set();
        await Task.WhenAll([first, .. rest]);
        Assert.InRange(writer.Commits, 1, 3);
        Assert.Equal(100, await CountAsync(writer));
    }

    [Fact]
    public async Task More_than_fit_into_the_queue_wait_and_are_all_done()
    {
        await using SqliteWriter writer = Open();
        using var gate = new ManualResetEventSlim();
        Task first = writer.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        Task[] rest = [.. Enumerable.Range(0, SqliteWriter.MostQueued + 500).Select(i => MarkAsync(writer, i))];
        gate.Set();
        await Task.WhenAll([first, .. rest]);
        Assert.Equal(rest.Length, await CountAsync(writer));
    }

    [Fact]
    public async Task A_work_that_fails_takes_back_its_own_and_nothing_else()
    {
        await using SqliteWriter writer = Open();
        using var gate = new ManualResetEventSlim();
        Task first = writer.WriteAsync(_ => gate.Wait(), TestContext.Current.CancellationToken);
        Task before = MarkAsync(writer, 1);
        Task failing = writer.WriteAsync(
            connection =>
            {
                Mark(connection, 2);
                Mark(connection, 1);
            },
            TestContext.Current.CancellationToken);
        Task behind = MarkAsync(writer, 3);
        gate.Set();
        await Task.WhenAll(first, before, behind);
        await Assert.ThrowsAsync<IOException>(() => failing);
        Assert.Equal(2, await CountAsync(writer));
    }

    [Fact]
    public async Task A_database_grows_into_its_newest_shape_and_never_back()
    {
        await using (SqliteWriter writer = Open())
        {
            await MarkAsync(writer, 1);
        }

        string[] newer = [.. s_migrations, "ALTER TABLE marks ADD COLUMN text TEXT NOT NULL DEFAULT 'none'"];
        using (SqliteConnection connection = SqliteFile.Open(Path, newer))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM marks";
            Assert.Equal("none", command.ExecuteScalar());
        }

        IOException e = Assert.Throws<IOException>(() => SqliteFile.Open(Path, s_migrations));
        Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
    }

    private SqliteWriter Open() => new(SqliteFile.Open(Path, s_migrations), Path);

    private static Task MarkAsync(SqliteWriter writer, int number) =>
        writer.WriteAsync(connection => Mark(connection, number), TestContext.Current.CancellationToken);

    private static void Mark(SqliteConnection connection, int number) =>
        SqliteFile.Run(connection, $"INSERT INTO marks (number) VALUES ({number})");

    private static async Task<long> CountAsync(SqliteWriter writer)
    {
        long count = 0;
        await writer.WriteAsync(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "SELECT COUNT(*) FROM marks";
                count = (long)command.ExecuteScalar()!;
            },
            TestContext.Current.CancellationToken);
        return count;
    }
}
