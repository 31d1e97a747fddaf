using System.Threading.Channels;
using Npgsql;
using Shoal.Storage.Postgres;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Works on one connection, one round after the other. What comes while the database is busy shares the next round: a
/// trip or two to the database and one sync, however many wait.
/// </summary>
/// <typeparam name="TWork">What is to be done.</typeparam>
/// <typeparam name="TResult">What came of it.</typeparam>
internal sealed class PostgresLane<TWork, TResult> : IAsyncDisposable
{
    // Who brings a work to an idle lane sends it to the database himself: no other thread need wake up for it.
    private readonly Channel<Entry> _queue = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(PostgresLanes.MostQueued)
        {
            SingleReader = true, AllowSynchronousContinuations = true,
        });

    private readonly NpgsqlDataSource _source;
    private readonly Func<NpgsqlConnection, IReadOnlyList<TWork>, Task<IReadOnlyList<TResult>>> _act;
    private readonly Func<TWork, int> _weigh;
    private readonly Task _running;
    private NpgsqlConnection? _connection;

    /// <param name="source">The database.</param>
    /// <param name="act">
    /// Does works together and says what came of each, in their order. With no works it runs its statements over
    /// nothing.
    /// </param>
    /// <param name="weigh">The bets of a work.</param>
    public PostgresLane(
        NpgsqlDataSource source,
        Func<NpgsqlConnection, IReadOnlyList<TWork>, Task<IReadOnlyList<TResult>>> act, Func<TWork, int> weigh)
    {
        _source = source;
        _act = act;
        _weigh = weigh;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Rounds so far.</summary>
    public long Rounds { get; private set; }

    /// <summary>Does a work when it is its turn.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public async Task<TResult> DoAsync(TWork work, CancellationToken cancellationToken)
    {
        var entry = new Entry(work);
        await _queue.Writer.WriteAsync(entry, cancellationToken);
        return await entry.Done.Task;
    }

    /// <summary>
    /// Connects, and has the database prepare all statements, which it does when it sees one for the second time. To be
    /// called before the first work.
    /// </summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public async Task WarmAsync()
    {
        try
        {
            _connection ??= await OpenAsync();
            await _act(_connection, []);
            await _act(_connection, []);
        }
        catch (Exception e) when (PostgresDatabase.Explain(e) is { } explained)
        {
            await DropAsync();
            throw explained;
        }
    }

    /// <summary>Does what is queued, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        await DropAsync();
    }

    private async Task RunAsync()
    {
        var together = new List<Entry>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            int bets = 0;
            while (together.Count < PostgresLanes.MostTogether && bets < PostgresLanes.MostBets
                && _queue.Reader.TryRead(out Entry? entry))
            {
                together.Add(entry);
                bets += _weigh(entry.Work);
            }

            await DoAsync(together);
            together.Clear();
        }
    }

    private async Task DoAsync(List<Entry> together)
    {
        try
        {
            _connection ??= await OpenAsync();
            IReadOnlyList<TResult> results = await _act(_connection, [.. together.Select(entry => entry.Work)]);
            Rounds++;
            Finish(together, (entry, i) => entry.Done.SetResult(results[i]));
        }
        catch (Exception e)
        {
            await DropAsync();
            Exception failure = PostgresDatabase.Explain(e) ?? e;
            Finish(together, (entry, _) => entry.Done.TrySetException(failure));
        }
    }

    // One who waits alone goes on at once; of many each goes on by himself, and the lane meanwhile.
    private static void Finish(List<Entry> together, Action<Entry, int> finish)
    {
        if (together is [var alone])
        {
            finish(alone, 0);
            return;
        }

        for (int i = 0; i < together.Count; i++)
        {
            (Entry entry, int place) = (together[i], i);
            ThreadPool.UnsafeQueueUserWorkItem(_ => finish(entry, place), null);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync();
        try
        {
            await using var prepare = new NpgsqlCommand(PostgresLanes.Prepare, connection);
            await prepare.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // A connection in the middle of a transaction is of no further use: closing it takes all back.
    private async ValueTask DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private sealed record Entry(TWork Work)
    {
        public TaskCompletionSource<TResult> Done { get; } = new();
    }
}
