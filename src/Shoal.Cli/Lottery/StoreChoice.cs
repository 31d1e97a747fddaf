using Shoal.Cli.Frame;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>Where the bets lie, as a command was told.</summary>
/// <param name="Folder">The folder of a SQLite database; null: <paramref name="Connection"/> is given.</param>
/// <param name="Connection">How a PostgreSQL database is reached.</param>
internal sealed record StoreChoice(string? Folder, string? Connection)
{
    private string Flag => Folder is null ? "--store" : "--data";

    /// <summary>Opens the store, and makes it if it is absent.</summary>
    public Task<LotteryRecords> OpenAsync(CancellationToken cancellation) => OpenAsync(
        folder => LotteryRecords.Open(folder), cancellation);

    /// <summary>Opens the store for a hub, which a folder is for alone, and makes it if it is absent.</summary>
    public Task<LotteryRecords> OpenForHubAsync(CancellationToken cancellation) => OpenAsync(
        folder => LotteryRecords.OpenForHub(folder), cancellation);

    /// <summary>Whether to open it would make a folder's store.</summary>
    public bool IsAbsent => Folder is not null && !LotteryRecords.AreIn(Folder);

    /// <summary>Opens a store that must be there.</summary>
    public Task<LotteryRecords> OpenExistingAsync(CancellationToken cancellation) => OpenAsync(
        folder => LotteryRecords.OpenExisting(folder), cancellation);

    /// <summary>A failure that names the flag and the place.</summary>
    public WorkFailedException Failure(string whatIsWrong) => new($"{Flag}: {this} {whatIsWrong}");

    /// <summary>The place, for people, without secrets.</summary>
    public override string ToString() => Folder ?? LotteryRecords.Describe(Connection!);

    private async Task<LotteryRecords> OpenAsync(
        Func<string, LotteryRecords> openFolder, CancellationToken cancellation)
    {
        try
        {
            return Folder is not null
                ? openFolder(Folder)
                : await LotteryRecords.ConnectAsync(Connection!, cancellation);
        }
        catch (IOException e)
        {
            // What is wrong with a folder names it; what is wrong with a database does not.
            throw new WorkFailedException(
                Folder is not null ? $"{Flag}: {e.Message}" : $"{Flag}: {this} cannot be opened: {e.Message}", e);
        }
    }
}
