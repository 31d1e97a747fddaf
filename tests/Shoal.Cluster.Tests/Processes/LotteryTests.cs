using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Lottery;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>
/// The lottery as a process, with agencies that speak the text protocol and wait for each answer, as existing ones do.
/// </summary>
public sealed class LotteryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_bets_of_five_agencies_survive_a_kill_and_find_their_winners()
    {
        AgencyFiles files = AgencyFiles.Find();
        await using ShoalProcess first = Serve();
        int port = await ProcessSwarm.PortOfAsync(first, "lottery_listen");

        // Each has sent about half of its bets when the power goes.
        await Task.WhenAll(AgencyFiles.All.Select(agency => TextAgency.SendAsync(
            port, agency, files.RowsOf(agency), files.RowsOf(agency).Length / 2 / TextAgency.Batch)));
        await first.KillAsync();

        // An agency that starts again repeats everything from its first batch on.
        await using ShoalProcess second = Serve();
        port = await ProcessSwarm.PortOfAsync(second, "lottery_listen");
        string[][] winners = await Task.WhenAll(AgencyFiles.All.Select(
            agency => TextAgency.FinishAsync(port, agency, files.RowsOf(agency))));
        Assert.Equal(AgencyFiles.All.Select(AgencyFiles.WinnersOf), winners);
        await second.KillAsync();

        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", _scratch["data"], "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        files.CheckExport(await File.ReadAllLinesAsync(_scratch["bets.csv"], Stop));
    }

    private ShoalProcess Serve() => ShoalProcess.Start(
        "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--data", _scratch["data"]);
}
