using System.Collections.Immutable;
using Npgsql;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>
/// What agencies ask most often, each on a connection of its own, so that a crowd of them needs no crowd of
/// connections: batches, closes, and the question for winners.
/// </summary>
internal sealed class PostgresLanes : IAsyncDisposable
{
    /// <summary>Works that wait for a lane at most; who brings one more waits.</summary>
    public const int MostQueued = 4096;

    /// <summary>Works that share a round at most.</summary>
    public const int MostTogether = 512;

    /// <summary>Works, and bets of all of them, that are told of their round in turn.</summary>
    public const int MostTold = 8, MostBetsTold = 500;

    /// <summary>Bets in a round at most, unless a single work has more.</summary>
    public const int MostBets = 50_000;

    /// <summary>
    /// What a lane's connection is told first. A plan is made while the tables are empty and kept while they grow; read
    /// from end to end, as is best for an empty table, they would make every batch slower than the one before it.
    /// </summary>
    public const string Prepare = "SET enable_seqscan = off";

    private const int BatchLanes = 8;

    private readonly ImmutableArray<PostgresLane<BatchWork, ImmutableArray<BatchDecision>>> _batches;
    private readonly PostgresLane<CloseWork, CloseDecision> _closes;
    private readonly PostgresLane<WinnersWork, WinnersAnswer> _winners;

    public PostgresLanes(NpgsqlDataSource source)
    {
        _batches =
        [
            .. Enumerable.Range(0, BatchLanes).Select(_ => new PostgresLane<BatchWork, ImmutableArray<BatchDecision>>(
                source, BatchesPostgresSql.StoreAsync, work => work.Bets)),
        ];
        _closes = new PostgresLane<CloseWork, CloseDecision>(source, ClosesPostgresSql.CloseAsync, _ => 0);
        _winners = new PostgresLane<WinnersWork, WinnersAnswer>(source, WinnersPostgresSql.ReadAsync, _ => 0);
    }

    /// <summary>Transactions that have stored batches so far.</summary>
    public long Commits => _batches.Sum(lane => lane.Rounds);

    /// <summary>Stores batches of an agency, whole and in their order.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public Task<ImmutableArray<BatchDecision>> OfferAsync(BatchWork work, CancellationToken cancellationToken)
    {
        Span<LaneLoad> loads = stackalloc LaneLoad[BatchLanes];
        for (int i = 0; i < BatchLanes; i++)
        {
            loads[i] = _batches[i].Load;
        }

        return _batches[LaneLoad.Choose(loads)].DoAsync(work, cancellationToken);
    }

    /// <summary>Closes an agency; holds the draw with the last one.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public Task<CloseDecision> CloseAsync(CloseWork work, CancellationToken cancellationToken) =>
        _closes.DoAsync(work, cancellationToken);

    /// <summary>Reads an agency's winners.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public Task<WinnersAnswer> WinnersAsync(WinnersWork work, CancellationToken cancellationToken) =>
        _winners.DoAsync(work, cancellationToken);

    /// <summary>Connects all lanes and has their statements prepared; to be called before the first work.</summary>
    /// <exception cref="IOException">The database failed; the message says how.</exception>
    public Task WarmAsync() => Task.WhenAll(
        [.. _batches.Select(lane => lane.WarmAsync()), _closes.WarmAsync(), _winners.WarmAsync()]);

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresLane<BatchWork, ImmutableArray<BatchDecision>> lane in _batches)
        {
            await lane.DisposeAsync();
        }

        await _closes.DisposeAsync();
        await _winners.DisposeAsync();
    }
}
