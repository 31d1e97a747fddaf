using Shoal.Core.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The lottery's store in a folder, for a host that serves it and for whoever looks into it.</summary>
public sealed class LotteryRecords : IAsyncDisposable
{
    /// <summary>Records in a store of the caller's, which they take over.</summary>
    public LotteryRecords(ILotteryStore store) => Store = store;

    internal ILotteryStore Store { get; }

    /// <summary>Opens the store in a folder, and makes both if they are absent.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static LotteryRecords Open(string folder) => new(SqliteLotteryStore.Open(folder));

    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="IOException">It is not, or cannot be opened; the message says why.</exception>
    public static LotteryRecords OpenExisting(string folder) => new(SqliteLotteryStore.OpenExisting(folder));

    /// <inheritdoc cref="ILotteryStore.OpenDrawAsync"/>
    public Task<bool> OpenDrawAsync(DrawTerms terms, CancellationToken cancellationToken) =>
        Store.OpenDrawAsync(terms, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.StandingAsync"/>
    public Task<DrawStanding?> StandingAsync(DrawName draw, CancellationToken cancellationToken) =>
        Store.StandingAsync(draw, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.ReopenAsync"/>
    public Task<int?> ReopenAsync(DrawName draw, CancellationToken cancellationToken) =>
        Store.ReopenAsync(draw, cancellationToken);

    /// <inheritdoc cref="ILotteryStore.ExportAsync"/>
    public Task<long> ExportAsync(DrawName draw, Stream output, CancellationToken cancellationToken) =>
        Store.ExportAsync(draw, output, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
