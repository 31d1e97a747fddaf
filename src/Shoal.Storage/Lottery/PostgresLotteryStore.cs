using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Shoal.Core.Lottery;
using Shoal.Storage.Postgres;
using static Shoal.Storage.Lottery.LotteryPostgresSql;

namespace Shoal.Storage.Lottery;

/// <summary>
/// The lottery in PostgreSQL, for several hubs at once. A batch locks its agency's row; a close and the draw that it
/// leads to are one transaction, which locks the draw's row and those of the agencies that close.
/// </summary>
public sealed class PostgresLotteryStore : ILotteryStore
{
    /// <summary>Batches that wait at most for one lane; who brings one more waits.</summary>
    public const int MostQueued = PostgresLanes.MostQueued;

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;
    private readonly PostgresLanes _lanes;
    private readonly ConcurrentDictionary<DrawName, DrawFacts> _draws = new();
    private readonly HeldWaiters _waiters;
    private readonly PostgresDrawWatch _watch;

    private PostgresLotteryStore(string connectionString, NpgsqlDataSource source)
    {
        _connectionString = connectionString;
        _source = source;
        _lanes = new PostgresLanes(source);
        _waiters = new HeldWaiters((draw, token) => ReadAsync(session => session.MarkAsync(draw), token));
        _watch = new PostgresDrawWatch(source, _waiters);
    }

    /// <summary>Transactions that have stored batches so far.</summary>
    public long Commits => _lanes.Commits;

    /// <summary>Connects, and makes the tables if they are absent.</summary>
    /// <param name="connection">A connection string: <c>Host=...;Database=...;Username=...</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot be connected; the message says why.</exception>
    public static async Task<PostgresLotteryStore> OpenAsync(string connection, CancellationToken cancellationToken) =>
        new(connection, await PostgresDatabase.OpenAsync(
            connection, LotteryPostgresSql.Schema, LotteryPostgresSql.Migrations, cancellationToken));

    /// <inheritdoc/>
    public Task WarmAsync() => _lanes.WarmAsync();

    /// <inheritdoc/>
    /// <remarks>
    /// Every connection has tables of its own, so a close does not see the batches of the same agency.
    /// </remarks>
    public ILotteryStore OpenForRehearsal(DrawTerms draw) => new PostgresLotteryStore(
        _connectionString,
        PostgresDatabase.OpenTemporary(
            _connectionString, LotteryPostgresSql.Schema,
            [.. LotteryPostgresSql.Migrations, LotteryPostgresSql.InsertDraw(draw)]));

    /// <inheritdoc/>
    public Task<bool> OpenDrawAsync(DrawTerms terms, CancellationToken cancellationToken) => TransactAsync(
        async session =>
        {
            long? added = await session.ValueAsync<long>(
                """
                INSERT INTO draw (name, winning_number, held, revision) VALUES ($1, $2, false, 1)
                ON CONFLICT (name) DO NOTHING RETURNING id
                """,
                Value(terms.Name.Value), Value(terms.WinningNumber));
            if (added is { } draw)
            {
                await session.RunAsync(
                    """
                    INSERT INTO agency (draw, agency, closed, batches, bets)
                    SELECT $1, agency, false, 0, 0 FROM unnest($2) AS roster (agency)
                    """,
                    Value(draw), Array(terms.Roster.Select(one => one.Value)));
            }

            return added is not null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchDecision> OfferAsync(
        DrawName draw, BatchOffer offer, CancellationToken cancellationToken) =>
        (await OfferAllAsync(draw, [offer], cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<ImmutableArray<BatchDecision>> OfferAllAsync(
        DrawName draw, ImmutableArray<BatchOffer> offers, CancellationToken cancellationToken)
    {
        if (offers.IsEmpty)
        {
            return [];
        }

        if (await FindDrawAsync(draw, cancellationToken) is not { } facts)
        {
            return [.. offers.Select(_ => new BatchDecision.Refuse(NoDraw(draw)))];
        }

        return await _lanes.OfferAsync(new BatchWork(facts, offers), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CloseDecision> CloseAsync(
        DrawName draw, AgencyId agency, BroughtCounts? counts, CancellationToken cancellationToken) =>
        await FindDrawAsync(draw, cancellationToken) is { } facts
            ? await _lanes.CloseAsync(new CloseWork(draw, facts, agency, counts), cancellationToken)
            : new CloseDecision.Refuse(NoDraw(draw));

    /// <inheritdoc/>
    public Task<int?> ReopenAsync(DrawName draw, CancellationToken cancellationToken) => TransactAsync(
        async session =>
        {
            if (await session.StandingAsync(draw, DrawLock.Change) is not { State: DrawState.Held })
            {
                return null;
            }

            await session.RunAsync(
                "UPDATE agency SET closed = false WHERE draw = (SELECT id FROM draw WHERE name = $1)",
                Value(draw.Value));
            return await session.ValueAsync<int>(
                "UPDATE draw SET held = false, revision = revision + 1 WHERE name = $1 RETURNING revision",
                Value(draw.Value));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<DrawStanding?> StandingAsync(DrawName draw, CancellationToken cancellationToken) =>
        TransactAsync(
            session => session.StandingAsync(draw, DrawLock.None), cancellationToken, IsolationLevel.RepeatableRead);

    /// <inheritdoc/>
    public Task<AgencySnapshot?> AgencyAsync(
        DrawName draw, AgencyId agency, CancellationToken cancellationToken) =>
        ReadAsync(session => session.AgencyAsync(draw, agency), cancellationToken);

    /// <inheritdoc/>
    public async Task<WinnersAnswer> WinnersAsync(
        DrawName draw, AgencyId agency, CancellationToken cancellationToken) =>
        await FindDrawAsync(draw, cancellationToken) is { } facts
            ? await _lanes.WinnersAsync(new WinnersWork(facts, agency), cancellationToken)
            : new WinnersAnswer.Refuse(NoDraw(draw));

    /// <inheritdoc/>
    public async Task<int?> UntilHeldAsync(DrawName draw, int after, CancellationToken cancellationToken)
    {
        _watch.Begin();
        return await _waiters.UntilHeldAsync(draw, after, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<byte[]> TokenKeyAsync(byte[] made, CancellationToken cancellationToken) =>
        ReadAsync(session => session.TokenKeyAsync(made), cancellationToken);

    /// <inheritdoc/>
    public async Task<long> ExportAsync(DrawName draw, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            return await LotteryPostgresSession.ExportAsync(connection, draw, output, cancellationToken);
        }
        catch (Exception e) when (PostgresDatabase.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _lanes.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async ValueTask<DrawFacts?> FindDrawAsync(DrawName draw, CancellationToken cancellationToken)
    {
        if (_draws.TryGetValue(draw, out DrawFacts? known))
        {
            return known;
        }

        DrawFacts? found = await ReadAsync(session => session.FindDrawAsync(draw), cancellationToken);
        return found is null ? null : _draws.GetOrAdd(draw, found);
    }

    private Task<T> TransactAsync<T>(
        Func<LotteryPostgresSession, Task<T>> work, CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.ReadCommitted) => ReadAsync(
        async session =>
        {
            await using NpgsqlTransaction transaction = await session.BeginAsync(isolation);
            T result = await work(session);
            await transaction.CommitAsync(cancellationToken);
            return result;
        },
        cancellationToken);

    // One statement has one view by itself.
    private async Task<T> ReadAsync<T>(
        Func<LotteryPostgresSession, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            return await work(new LotteryPostgresSession(connection, cancellationToken));
        }
        catch (Exception e) when (PostgresDatabase.Explain(e) is { } explained)
        {
            throw explained;
        }
    }
}
