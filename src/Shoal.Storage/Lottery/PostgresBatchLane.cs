using System.Collections.Immutable;
using System.Threading.Channels;
using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Storage.Postgres;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Stores batches on one connection, one transaction after the other. What comes while the database is busy shares the
/// next transaction: two round trips and one sync, however many agencies wait.
/// </summary>
internal sealed class PostgresBatchLane : IAsyncDisposable
{
    /// <summary>Works that wait at most; who brings one more waits.</summary>
    public const int MostQueued = 4096;

    /// <summary>Works that share a transaction at most.</summary>
    public const int MostTogether = 512;

    /// <summary>Bets in a transaction at most, unless a single work has more.</summary>
    public const int MostBets = 50_000;

    private readonly Channel<BatchWork> _queue = Channel.CreateBounded<BatchWork>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly NpgsqlDataSource _source;
    private readonly Task _running;
    private NpgsqlConnection? _connection;

    public PostgresBatchLane(NpgsqlDataSource source)
    {
        _source = source;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Transactions so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Stores batches of an agency, whole and in their order.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public async Task<ImmutableArray<BatchDecision>> OfferAsync(BatchWork work, CancellationToken cancellationToken)
    {
        await _queue.Writer.WriteAsync(work, cancellationToken);
        return await work.Done.Task;
    }

    /// <summary>Stores what is queued, and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task RunAsync()
    {
        var together = new List<BatchWork>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            int bets = 0;
            while (together.Count < MostTogether && bets < MostBets && _queue.Reader.TryRead(out BatchWork? work))
            {
                together.Add(work);
                bets += work.Bets;
            }

            await StoreAsync(together);
            together.Clear();
        }
    }

    private async Task StoreAsync(List<BatchWork> together)
    {
        try
        {
            _connection ??= await OpenAsync();
            ImmutableArray<BatchDecision>[] decisions = await CommitAsync(_connection, together);
            for (int i = 0; i < together.Count; i++)
            {
                together[i].Done.SetResult(decisions[i]);
            }
        }
        catch (Exception e)
        {
            // A connection in the middle of a transaction is of no further use: closing it takes all back.
            if (_connection is { } broken)
            {
                _connection = null;
                await broken.DisposeAsync();
            }

            Exception failure = PostgresDatabase.Explain(e) ?? e;
            together.ForEach(work => work.Done.SetException(failure));
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync();
        try
        {
            await using var prepare = new NpgsqlCommand(LotteryPostgresSql.Prepare, connection);
            await prepare.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<ImmutableArray<BatchDecision>[]> CommitAsync(
        NpgsqlConnection connection, List<BatchWork> together)
    {
        var round = new BatchRound(together);
        await using (NpgsqlBatch look = LotteryPostgresSql.Look(connection, round))
        await using (NpgsqlDataReader rows = await look.ExecuteReaderAsync())
        {
            await LotteryPostgresSql.ReadAsync(rows, round);
        }

        ImmutableArray<BatchDecision>[] decisions = [.. together.Select(round.Decide)];
        await using (NpgsqlBatch store = LotteryPostgresSql.Store(connection, round))
        {
            await store.ExecuteNonQueryAsync();
        }

        Commits++;
        return decisions;
    }
}
