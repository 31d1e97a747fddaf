using System.Globalization;
using Shoal.Cluster.Tests.Bench;

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
        string[][] files = TextAgency.ReadFiles();
        await using PostgresTrial database = await PostgresTrial.CreateAsync();
        await using ShoalProcess steady = Serve(database);
        await using ShoalProcess killed = Serve(database);
        int steadyPort = await PortOfAsync(steady);

        // The even agencies have sent about half of their bets to the one that is killed while the others go on.
        int killedPort = await PortOfAsync(killed);
        Task<string>[] odd = [.. new[] { 0, 2, 4 }.Select(
            i => TextAgency.FinishAsync(steadyPort, i + 1, files[i]))];
        await Task.WhenAll(new[] { 1, 3 }.Select(i => TextAgency.SendAsync(
            killedPort, i + 1, files[i], files[i].Length / 2 / TextAgency.BatchSize)));
        Task[] cutOff = [.. new[] { 1, 3 }.Select(
            i => TextAgency.SendAsync(killedPort, i + 1, files[i], int.MaxValue))];
        await killed.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(cutOff));

        // One of them comes back to a new hub, the other one to the hub that was there all the time.
        await using ShoalProcess again = Serve(database);
        int againPort = await PortOfAsync(again);
        string[] even = await Task.WhenAll(
            TextAgency.FinishAsync(againPort, 2, files[1]), TextAgency.FinishAsync(steadyPort, 4, files[3]));
        string[] told = await Task.WhenAll(odd);
        string[] all = [told[0], even[0], told[1], even[1], told[2]];
        Assert.Equal(TextAgency.Winners, all);

        // One held it, both know it.
        await steady.Output.WaitForAsync("action: draw_state", "state: held", "revision: 1");
        await again.Output.WaitForAsync("action: draw_state", "state: held", "revision: 1");
        Assert.Equal(1, steady.Output.Count("action: sorteo") + again.Output.Count("action: sorteo"));
        await CheckExportAsync(database, files);
    }

    private async Task CheckExportAsync(PostgresTrial database, string[][] files)
    {
        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--store", database.Connection, "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        string[] exported = await File.ReadAllLinesAsync(_scratch["bets.csv"], Stop);
        for (int i = 0; i < files.Length; i++)
        {
            // Not only every bet once: also in the order in which its agency sent them.
            string agency = $"{i + 1},";
            Assert.Equal(
                files[i].Select(row => agency + row),
                exported.Where(row => row.StartsWith(agency, StringComparison.Ordinal)));
        }

        Assert.Equal(files.Sum(rows => rows.Length), exported.Length);
        await using ShoalProcess winners = ShoalProcess.Start(
            "winners", "lottery", "winners", "--store", database.Connection);
        await winners.ExpectAsync(0);
        Assert.Equal(10, winners.Output.All.Count);
        Assert.Equal("1,30876370", winners.Output.All[0]);
    }

    private static ShoalProcess Serve(PostgresTrial database) => ShoalProcess.Start(
        "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--store", database.Connection);

    private static async Task<int> PortOfAsync(ShoalProcess lottery)
    {
        string line = await lottery.Output.WaitForAsync("action: lottery_listen");
        return int.Parse(ProcessSwarm.FieldOf(line, "address").Split(':')[^1], CultureInfo.InvariantCulture);
    }
}
