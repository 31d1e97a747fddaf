using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Shoal.Storage.Sqlite;

/// <summary>
/// The one writer of a database. Works that come while the disk is busy share the next commit, so that many at once
/// cost one wait; each is whole or not there at all, and one that fails leaves the others alone.
/// </summary>
public sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Works that wait at most; who brings one more waits.</summary>
    public const int MostQueued = 4096;

    /// <summary>Works that share one commit at most.</summary>
    public const int MostTogether = 1024;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _save;
    private readonly SqliteCommand _takeBack;
    private readonly SqliteCommand _release;
    private readonly Task _running;

    /// <summary>Takes over a connection, which it disposes of at its own end.</summary>
    /// <param name="connection">From <see cref="SqliteFile.Open"/>.</param>
    /// <param name="path">The file, for messages.</param>
    public SqliteWriter(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _save = Prepare("SAVEPOINT work");
        _takeBack = Prepare("ROLLBACK TO work");
        _release = Prepare("RELEASE work");
        _running = Task.Run(RunAsync);
    }

    /// <summary>Commits so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Does a work within a transaction. When this returns, what it wrote is on the disk.</summary>
    /// <param name="work">Writes; called on another thread, never together with another work.</param>
    /// <param name="cancellationToken">Ends the wait for room in the queue; a work that has entered is done.</param>
    /// <exception cref="IOException">Nothing of it is stored; the message says why.</exception>
    public async Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellationToken)
    {
        var entry = new Work(work);
        await _queue.Writer.WriteAsync(entry, cancellationToken);
        await entry.Done.Task;
    }

    /// <summary>Does what is queued, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        foreach (SqliteCommand command in (SqliteCommand[])[_begin, _commit, _save, _takeBack, _release])
        {
            await command.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var together = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (together.Count < MostTogether && _queue.Reader.TryRead(out Work? work))
            {
                together.Add(work);
            }

            Commit(together);
            together.Clear();
        }
    }

    private void Commit(List<Work> together)
    {
        Exception? failure = null;
        try
        {
            _begin.ExecuteNonQuery();
            foreach (Work work in together)
            {
                Try(work);
            }

            _commit.ExecuteNonQuery();
            Commits++;
        }
        catch (SqliteException e)
        {
            failure = SqliteFile.Explain(_path, e);
            if (IsInTransaction)
            {
                SqliteFile.Run(_connection, "ROLLBACK");
            }
        }

        foreach (Work work in together)
        {
            work.End(failure);
        }
    }

    // A savepoint each: what one work wrote before it failed is taken back, and nothing else. But a full disk takes
    // the whole transaction back by itself, and then all fail together.
    private void Try(Work work)
    {
        _save.ExecuteNonQuery();
        try
        {
            work.Act(_connection);
        }
        catch (Exception e) when (IsInTransaction)
        {
            work.Failure = e is SqliteException sqlite ? SqliteFile.Explain(_path, sqlite) : e;
            _takeBack.ExecuteNonQuery();
        }

        _release.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Prepare();
        return command;
    }

    private bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    private sealed class Work(Action<SqliteConnection> act)
    {
        public Action<SqliteConnection> Act { get; } = act;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public void End(Exception? failureOfAll)
        {
            if ((Failure ?? failureOfAll) is { } failure)
            {
                Done.SetException(failure);
            }
            else
            {
                Done.SetResult();
            }
        }
    }
}
