using System.Globalization;
using Shoal.Cluster.Tests.Bench;

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
        string[][] files = TextAgency.ReadFiles();
        await using ShoalProcess first = Serve();
        int port = await PortOfAsync(first);

        // Each has sent about half of its bets when the power goes.
        await Task.WhenAll(files.Select(
            (rows, i) => TextAgency.SendAsync(port, i + 1, rows, rows.Length / 2 / TextAgency.BatchSize)));
        await first.KillAsync();

        // An agency that starts again repeats everything from its first batch on.
        await using ShoalProcess second = Serve();
        port = await PortOfAsync(second);
        string[] winners = await Task.WhenAll(files.Select((rows, i) => TextAgency.FinishAsync(port, i + 1, rows)));
        Assert.Equal(TextAgency.Winners, winners);
        await second.KillAsync();

        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", _scratch["data"], "--csv", _scratch["bets.csv"]);
        await export.ExpectAsync(0);
        string[] exported = await File.ReadAllLinesAsync(_scratch["bets.csv"], Stop);
        IEnumerable<string> sent = files.SelectMany((rows, i) => rows.Select(row => $"{i + 1},{row}"));
        Assert.Equal(sent.Order(StringComparer.Ordinal), exported.Order(StringComparer.Ordinal));
    }

    private ShoalProcess Serve() => ShoalProcess.Start(
        "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--data", _scratch["data"]);

    private static async Task<int> PortOfAsync(ShoalProcess lottery)
    {
        string line = await lottery.Output.WaitForAsync("action: lottery_listen");
        return int.Parse(ProcessSwarm.FieldOf(line, "address").Split(':')[^1], CultureInfo.InvariantCulture);
    }
}
