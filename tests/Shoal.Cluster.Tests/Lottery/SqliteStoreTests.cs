using Shoal.Cluster.Tests.Bench;
using Shoal.Storage.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>The lottery in a file keeps the contract of all stores.</summary>
public sealed class SqliteStoreTests : LotteryStoreTests
{
    private readonly Scratch _scratch = new();

    protected override ValueTask BeginAsync() => ValueTask.CompletedTask;

    protected override ValueTask EndAsync()
    {
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<ILotteryStore> OpenAsync() =>
        Task.FromResult<ILotteryStore>(SqliteLotteryStore.Open(_scratch["data"]));
}
