using System.Diagnostics;
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
    private int _pending;
    private volatile bool _isFar;

    // The round under way: how many works, 0 if there is none, and since when.
    private volatile int _works;
    private long _began;

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

    /// <summary>What keeps it busy now.</summary>
    public LaneLoad Load => new(Volatile.Read(ref _pending), _isFar || IsHeldUp);

    // Somebody else may hold the row of an agency for long; nobody has to wait behind who is held up.
    private bool IsHeldUp =>
        _works is var works and > 0
        && LaneLoad.IsFarFor(Stopwatch.GetElapsedTime(Volatile.Read(ref _began)), works);

    /// <summary>Does a work when it is its turn.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public async Task<TResult> DoAsync(TWork work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            var entry = new Entry(work);
            await _queue.Writer.WriteAsync(entry, cancellationToken);
            return await entry.Done.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
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

    // Who waits for a round hears what came of it while the database is at work on the next one.
    private async Task RunAsync()
    {
        var together = new List<Entry>();
        Action tell = () => { };
        while (true)
        {
            Take(together);
            if (together.Count > 0)
            {
                Task<Action> round = DoAsync(together);
                tell();
                tell = await round;
                together.Clear();
            }
            else
            {
                tell();
                tell = () => { };
                if (!await _queue.Reader.WaitToReadAsync())
                {
                    return;
                }
            }
        }
    }

    private void Take(List<Entry> together)
    {
        int bets = 0;
        while (together.Count < PostgresLanes.MostTogether && bets < PostgresLanes.MostBets
            && _queue.Reader.TryRead(out Entry? entry))
        {
            together.Add(entry);
            bets += _weigh(entry.Work);
        }
    }

    // Does a round, and gives what tells those who wait for it.
    private async Task<Action> DoAsync(IReadOnlyList<Entry> together)
    {
        Entry[] entries = [.. together];
        try
        {
            _connection ??= await OpenAsync();
            Volatile.Write(ref _began, Stopwatch.GetTimestamp());
            _works = entries.Length;
            IReadOnlyList<TResult> results = await _act(_connection, [.. entries.Select(entry => entry.Work)]);
            _isFar = IsHeldUp;
            Rounds++;
            return () => Tell(entries, (entry, i) => entry.Done.SetResult(results[i]));
        }
        catch (Exception e)
        {
            await DropAsync();
            Exception failure = PostgresDatabase.Explain(e) ?? e;
            return () => Tell(entries, (entry, _) => entry.Done.TrySetException(failure));
        }
        finally
        {
            _works = 0;
        }
    }

    // A few who brought little go on here, one after the other: to wake threads for them would take longer. Of others
    // each goes on by himself.
    private void Tell(Entry[] entries, Action<Entry, int> tell)
    {
        bool isLight = entries.Length <= PostgresLanes.MostTold
            && entries.Sum(entry => _weigh(entry.Work)) <= PostgresLanes.MostBetsTold;
        for (int i = 0; i < entries.Length; i++)
        {
            (Entry entry, int place) = (entries[i], i);
            if (isLight || entries.Length == 1)
            {
                tell(entry, place);
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => tell(entry, place), null);
            }
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
