using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Shoal.Core.Lottery;
using Shoal.Storage.Files;
using Shoal.Storage.Sqlite;

namespace Shoal.Storage.Lottery;

/// <summary>The lottery in one file. Whoever waits for the disk at the same time shares one sync.</summary>
public sealed class SqliteLotteryStore : ILotteryStore
{
    /// <summary>The file in the folder that the store is given.</summary>
    public const string FileName = "lottery.db";

    // A batch is kept whole, as the rows that an export prints: bets are only ever read batch by batch, and one row
    // a batch is what lets small batches be stored as fast as large ones. Winners are noted while their bets are
    // stored, so a draw seals what is there and searches nothing.
    private static readonly string[] s_migrations =
    [
        """
        CREATE TABLE draw (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, winning_number INTEGER NOT NULL,
            state INTEGER NOT NULL, revision INTEGER NOT NULL);
        CREATE TABLE agency (
            draw INTEGER NOT NULL REFERENCES draw, agency INTEGER NOT NULL, closed INTEGER NOT NULL,
            batches INTEGER NOT NULL, bets INTEGER NOT NULL, PRIMARY KEY (draw, agency)) WITHOUT ROWID;
        CREATE TABLE batch (
            id INTEGER PRIMARY KEY, draw INTEGER NOT NULL, agency INTEGER NOT NULL, number INTEGER NOT NULL,
            hash BLOB NOT NULL, bets INTEGER NOT NULL, rows BLOB NOT NULL,
            FOREIGN KEY (draw, agency) REFERENCES agency);
        CREATE UNIQUE INDEX batch_by_number ON batch (draw, agency, number);
        CREATE INDEX batch_by_hash ON batch (draw, agency, hash, number);
        CREATE TABLE winner (
            id INTEGER PRIMARY KEY, draw INTEGER NOT NULL, agency INTEGER NOT NULL, document TEXT NOT NULL,
            FOREIGN KEY (draw, agency) REFERENCES agency);
        CREATE INDEX winner_by_agency ON winner (draw, agency, id);
        """,
        "CREATE TABLE token_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL)",
        "CREATE INDEX agency_open ON agency (draw, agency) WHERE closed = 0",
    ];

    private readonly string _path;
    private readonly FileHold? _hold;
    private readonly SqliteWriter _writer;
    private readonly LotterySql _sql;
    private readonly HeldWaiters _waiters;

    private SqliteLotteryStore(string path, SqliteConnection connection, FileHold? hold)
    {
        _path = path;
        _hold = hold;
        _sql = new LotterySql(connection);
        _writer = new SqliteWriter(connection, path);
        _waiters = new HeldWaiters(MarkAsync);
    }

    /// <summary>Opens the store in a folder, and makes both if they are absent.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static SqliteLotteryStore Open(string folder)
    {
        MadeFolder.At(folder);
        return OpenFile(Path.Join(folder, FileName));
    }

    /// <summary>
    /// Opens the store in a folder for a hub, and makes both if they are absent. One hub at a time has it: whoever
    /// waits for the draw at another would not hear of it. Whoever only looks into it or opens a draw may come beside.
    /// </summary>
    /// <exception cref="IOException">Another hub has it, or it cannot be opened; the message says why.</exception>
    public static SqliteLotteryStore OpenForHub(string folder)
    {
        MadeFolder.At(folder);
        string path = Path.Join(folder, FileName);
        FileHold hold = FileHold.Take(
            path + ".lock",
            $"{folder} is in use by another hub. End that one, name another folder, or let both share a database with "
            + "--store");
        try
        {
            return OpenFile(path, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a store in a folder.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Join(folder, FileName));

    /// <summary>Makes a store that ends with the process, and with its disposal.</summary>
    public static SqliteLotteryStore OpenInMemory() => OpenFile(":memory:");

    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="IOException">It is not, or cannot be opened; the message says why.</exception>
    public static SqliteLotteryStore OpenExisting(string folder)
    {
        string path = Path.Join(folder, FileName);
        return IsIn(folder) ? OpenFile(path) : throw new FileNotFoundException($"there is no {path}.");
    }

    /// <inheritdoc/>
    public Task WarmAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public ILotteryStore OpenForRehearsal(DrawTerms draw)
    {
        SqliteLotteryStore store = OpenInMemory();
        store._sql.TryAddDraw(draw);
        return store;
    }

    /// <inheritdoc/>
    public Task<bool> OpenDrawAsync(DrawTerms terms, CancellationToken cancellationToken) =>
        WriteAsync(() => _sql.TryAddDraw(terms), cancellationToken);

    /// <inheritdoc/>
    public Task<BatchDecision> OfferAsync(DrawName draw, BatchOffer offer, CancellationToken cancellationToken) =>
        WriteAsync(() => Offer(draw, offer), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<BatchDecision>> OfferAllAsync(
        DrawName draw, ImmutableArray<BatchOffer> offers, CancellationToken cancellationToken) =>
        WriteAsync(() => OfferAll(draw, offers), cancellationToken);

    /// <inheritdoc/>
    public async Task<CloseDecision> CloseAsync(
        DrawName draw, AgencyId agency, BroughtCounts? counts, CancellationToken cancellationToken)
    {
        CloseDecision decision = await WriteAsync(() => Close(draw, agency, counts), cancellationToken);
        if (decision is CloseDecision.CloseAndHold)
        {
            _waiters.Wake(draw);
        }

        return decision;
    }

    /// <inheritdoc/>
    public Task<int?> ReopenAsync(DrawName draw, CancellationToken cancellationToken) =>
        WriteAsync<int?>(
            () => _sql.FindDraw(draw) is { State: DrawState.Held } held ? _sql.Reopen(held) : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<DrawStanding?> StandingAsync(DrawName draw, CancellationToken cancellationToken) =>
        WriteAsync(() => _sql.FindDraw(draw) is { } row ? _sql.Standing(draw, row) : null, cancellationToken);

    /// <inheritdoc/>
    public Task<AgencySnapshot?> AgencyAsync(
        DrawName draw, AgencyId agency, CancellationToken cancellationToken) => WriteAsync(
        () => _sql.FindDraw(draw) is { } row ? _sql.FindAgency(row, agency) : null, cancellationToken);

    /// <inheritdoc/>
    public Task<WinnersAnswer> WinnersAsync(DrawName draw, AgencyId agency, CancellationToken cancellationToken) =>
        WriteAsync(() => Winners(draw, agency), cancellationToken);

    /// <inheritdoc/>
    public Task<int?> UntilHeldAsync(DrawName draw, int after, CancellationToken cancellationToken) =>
        _waiters.UntilHeldAsync(draw, after, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> TokenKeyAsync(byte[] made, CancellationToken cancellationToken) =>
        WriteAsync(() => _sql.TokenKey(made), cancellationToken);

    /// <inheritdoc/>
    public async Task<long> ExportAsync(DrawName draw, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            // A connection of its own sees one moment of the database, however long it reads.
            await using SqliteConnection reading = SqliteFile.Open(_path, s_migrations);
            return await LotterySql.ExportAsync(reading, draw, output, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw SqliteFile.Explain(_path, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The commands belong to the connection, which ends with its writer.
        await _writer.DisposeAsync();
        _sql.Dispose();
        _hold?.Dispose();
    }

    private static SqliteLotteryStore OpenFile(string path, FileHold? hold = null) =>
        new(path, SqliteFile.Open(path, s_migrations), hold);

    private Task<DrawMark?> MarkAsync(DrawName draw, CancellationToken cancellationToken) => WriteAsync(
        () => _sql.FindDraw(draw) is { } row ? new DrawMark(row.State, row.Revision) : null, cancellationToken);

    private ImmutableArray<BatchDecision> OfferAll(DrawName name, ImmutableArray<BatchOffer> offers)
    {
        ImmutableArray<BatchDecision>.Builder decisions = ImmutableArray.CreateBuilder<BatchDecision>(offers.Length);
        BatchOffer? before = null;
        foreach (BatchOffer next in offers)
        {
            before = before is null ? next : LotteryRules.Follow(before, decisions[^1], next);
            decisions.Add(Offer(name, before));
        }

        return decisions.MoveToImmutable();
    }

    private BatchDecision Offer(DrawName name, BatchOffer offer)
    {
        if (_sql.FindDraw(name) is not { } draw)
        {
            return new BatchDecision.Refuse(NoDraw(name));
        }

        AgencySnapshot? agency = _sql.FindAgency(draw, offer.Agency);
        StoredBatch? candidate = offer.Identity switch
        {
            BatchIdentity.Numbered numbered => _sql.FindBatch(draw, offer.Agency, numbered.Number),
            BatchIdentity.InReplay replay => _sql.FindBatch(draw, offer.Agency, replay.Number),
            BatchIdentity.First => _sql.FindBatch(draw, offer.Agency, offer.Hash),
            _ => null,
        };
        BatchDecision decision = LotteryRules.Decide(agency, offer, candidate);
        if (decision is BatchDecision.Store store)
        {
            _sql.AddBatch(draw, offer, store.Number);
        }

        return decision;
    }

    private CloseDecision Close(DrawName name, AgencyId named, BroughtCounts? counts)
    {
        if (_sql.FindDraw(name) is not { } draw)
        {
            return new CloseDecision.Refuse(NoDraw(name));
        }

        CloseDecision decision = LotteryRules.Decide(
            _sql.FindAgency(draw, named), named, counts, _sql.OpenAgencies(draw));
        if (decision is CloseDecision.Close or CloseDecision.CloseAndHold)
        {
            _sql.Close(draw, named);
        }

        if (decision is CloseDecision.CloseAndHold)
        {
            _sql.Hold(draw);
        }

        return decision;
    }

    private WinnersAnswer Winners(DrawName name, AgencyId agency)
    {
        if (_sql.FindDraw(name) is not { } draw)
        {
            return new WinnersAnswer.Refuse(NoDraw(name));
        }

        if (_sql.FindAgency(draw, agency) is null)
        {
            return new WinnersAnswer.Refuse(LotteryRules.NotOnRoster(agency));
        }

        return draw.State == DrawState.Held
            ? new WinnersAnswer.Held(_sql.Winners(draw, agency))
            : new WinnersAnswer.NotYet();
    }

    private static string NoDraw(DrawName name) => $"there is no draw {name}";

    private async Task<T> WriteAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        T result = default!;
        await _writer.WriteAsync(_ => result = work(), cancellationToken);
        return result;
    }
}
