using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Lottery;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Two hubs as processes, one PostgreSQL, one draw.</summary>
public sealed class LotteryHubsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Two_hubs_hold_one_draw_over_every_bet_though_one_of_them_is_killed()
    {
        AgencyFiles files = AgencyFiles.Find();
        string[][] rows = [.. AgencyFiles.All.Select(files.RowsOf)];
        await using PostgresTrial database = await PostgresTrial.CreateAsync();
        await using ShoalProcess steady = Serve(database);
        await using ShoalProcess killed = Serve(database);
        int steadyPort = await ProcessSwarm.PortOfAsync(steady, "lottery_listen");

        // The even agencies have sent about half of their bets to the one that is killed while the others go on.
        int killedPort = await ProcessSwarm.PortOfAsync(killed, "lottery_listen");
        Task<string[]>[] odd =
            [.. new[] { 1, 3, 5 }.Select(one => TextAgency.FinishAsync(steadyPort, one, rows[one - 1]))];
        await Task.WhenAll(new[] { 2, 4 }.Select(one => TextAgency.SendAsync(
            killedPort, one, rows[one - 1], rows[one - 1].Length / 2 / TextAgency.Batch)));
        Task[] cutOff = [.. new[] { 2, 4 }.Select(one => TextAgency.SendAsync(killedPort, one, rows[one - 1]))];
        await killed.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(cutOff));

        // One of them comes back to a new hub, the other one to the hub that was there all the time.
        await using ShoalProcess again = Serve(database);
        int againPort = await ProcessSwarm.PortOfAsync(again, "lottery_listen");
        string[][] even = await Task.WhenAll(
            TextAgency.FinishAsync(againPort, 2, rows[1]), TextAgency.FinishAsync(steadyPort, 4, rows[3]));
        string[][] told = await Task.WhenAll(odd);
        Assert.Equal(AgencyFiles.All.Select(AgencyFiles.WinnersOf), [told[0], even[0], told[1], even[1], told[2]]);

        // One held it, both know it.
        await steady.Output.WaitForAsync("action: draw_state", "state: held", "revision: 1");
        await again.Output.WaitForAsync("action: draw_state", "state: held", "revision: 1");
        await Limits.UntilAsync(() => Draws() > 0, "one of them says that it held the draw");
        Assert.Equal(1, Draws());
        await CheckExportAsync(database, files);

        int Draws() => steady.Output.Count("action: sorteo") + again.Output.Count("action: sorteo");
    }

    private async Task CheckExportAsync(PostgresTrial database, AgencyFiles files)
    {
        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--store", database.Connection, "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        files.CheckExport(await File.ReadAllLinesAsync(_scratch["bets.csv"], Stop));
        await using ShoalProcess winners = ShoalProcess.Start(
            "winners", "lottery", "winners", "--store", database.Connection);
        await winners.ExpectAsync(0);
        Assert.Equal(10, winners.Output.All.Count);
        Assert.Equal("1,30876370", winners.Output.All[0]);
    }

    private static ShoalProcess Serve(PostgresTrial database) => ShoalProcess.Start(
        "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--store", database.Connection);
}
