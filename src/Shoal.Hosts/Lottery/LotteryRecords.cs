using Shoal.Core.Lottery;
using Shoal.Storage.Lottery;
using Shoal.Storage.Postgres;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// The lottery's store in a folder or a PostgreSQL database, for a host that serves it and for whoever looks into it.
/// </summary>
public sealed class LotteryRecords : IAsyncDisposable
{
    /// <summary>Records in a store of the caller's, which they take over.</summary>
    public LotteryRecords(ILotteryStore store) => Store = store;

    internal ILotteryStore Store { get; }

    /// <summary>Opens the store in a folder, and makes both if they are absent.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static LotteryRecords Open(string folder) => new(SqliteLotteryStore.Open(folder));

    /// <inheritdoc cref="SqliteLotteryStore.OpenForHub"/>
    public static LotteryRecords OpenForHub(string folder) => new(SqliteLotteryStore.OpenForHub(folder));

    /// <inheritdoc cref="SqliteLotteryStore.IsIn"/>
    public static bool AreIn(string folder) => SqliteLotteryStore.IsIn(folder);

    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="IOException">It is not, or cannot be opened; the message says why.</exception>
    public static LotteryRecords OpenExisting(string folder) => new(SqliteLotteryStore.OpenExisting(folder));

    /// <summary>Makes records that nobody keeps.</summary>
    internal static LotteryRecords OpenInMemory() => new(SqliteLotteryStore.OpenInMemory());

    /// <summary>Connects to a PostgreSQL database that several hubs may share.</summary>
    /// <param name="connection">A connection string: <c>Host=...;Database=...;Username=...</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot be connected; the message says why.</exception>
    public static async Task<LotteryRecords> ConnectAsync(string connection, CancellationToken cancellationToken) =>
        new(await PostgresLotteryStore.OpenAsync(connection, cancellationToken));

    /// <summary>A connection string for people: where, without the secrets.</summary>
    public static string Describe(string connection) => PostgresDatabase.Describe(connection);

    /// <inheritdoc cref="ILotteryStore.OpenDrawAsync"/>
    public Task<bool> OpenDrawAsync(DrawTerms terms, CancellationToken cancellationToken) =>
        Store.OpenDrawAsync(terms, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.StandingAsync"/>
    public Task<DrawStanding?> StandingAsync(DrawName draw, CancellationToken cancellationToken) =>
        Store.StandingAsync(draw, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.WinnersAsync"/>
    public Task<WinnersAnswer> WinnersAsync(DrawName draw, AgencyId agency, CancellationToken cancellationToken) =>
        Store.WinnersAsync(draw, agency, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.ReopenAsync"/>
    public Task<int?> ReopenAsync(DrawName draw, CancellationToken cancellationToken) =>
        Store.ReopenAsync(draw, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.ExportAsync"/>
    public Task<long> ExportAsync(DrawName draw, Stream output, CancellationToken cancellationToken) =>
        Store.ExportAsync(draw, output, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
