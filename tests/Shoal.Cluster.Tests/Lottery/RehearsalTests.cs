using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>What a hub does before its first draw.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task A_rehearsal_leaves_nothing_in_the_store()
    {
        using var scratch = new Scratch();
        await using LotteryRecords records = LotteryRecords.Open(scratch["data"]);
        var terms = new DrawTerms(DrawName.Default, [new AgencyId(1)], DrawTerms.DefaultWinningNumber);
        await records.OpenDrawAsync(terms, Stop);
        await LotteryRehearsal.RunAsync(records, TimeProvider.System, Stop);
        DrawStanding standing = (await records.StandingAsync(DrawName.Default, Stop))!;
        Assert.Equal(DrawState.Open, standing.State);
        AgencySnapshot untouched = new(new AgencyId(1), DrawState.Open, false, 0, 0);
        Assert.Equal(untouched, Assert.Single(standing.Agencies));
        using var output = new MemoryStream();
        Assert.Equal(0, await records.ExportAsync(DrawName.Default, output, Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
