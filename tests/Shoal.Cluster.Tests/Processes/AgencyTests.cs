using System.Globalization;
using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Lottery;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The program's own agencies as processes, with a lottery as a process.</summary>
public sealed class AgencyTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Five_agencies_find_their_winners_though_hub_and_agencies_are_killed()
    {
        AgencyFiles files = AgencyFiles.Find();
        // Nobody else gets the port while no hub is there.
        using var port = new HeldPort();
        string hub = port.Address;
        await using ShoalProcess first = Serve(hub);
        await AddressOfAsync(first);
        ShoalProcess[] agencies =
            [.. AgencyFiles.All.Select(one => Agency(one, hub, files.PathOf(one)))];
        await agencies[0].Output.WaitForAsync("action: chunk_ack_received", "chunk_id: 100");
        await agencies[0].KillAsync();
        await first.KillAsync();

        await using ShoalProcess second = Serve(hub);
        await agencies[0].DisposeAsync();
        agencies[0] = Agency(1, hub, files.PathOf(1));
        for (int i = 0; i < agencies.Length; i++)
        {
            await agencies[i].ExpectAsync(0);
            string[] winners = AgencyFiles.WinnersOf(i + 1);
            Assert.Equal(winners, agencies[i].Output.All.Where(IsDocument));
            Assert.True(agencies[i].Output.Has(
                "action: consulta_ganadores", $"dni_ganadores: [{string.Join(' ', winners)}]"));
            await agencies[i].DisposeAsync();
        }

        // What a hub writes comes here on another way than what its agencies say.
        await second.Output.WaitForAsync("action: sorteo");
        Assert.Equal(1, first.Output.Count("action: sorteo") + second.Output.Count("action: sorteo"));
        files.CheckExport(await ExportAsync());
    }

    [Fact]
    public async Task Over_HTTP_at_a_hub_they_find_the_same_and_one_that_is_killed_goes_on()
    {
        AgencyFiles files = AgencyFiles.Find();
        await using ShoalProcess hub = ShoalProcess.Start(
            "hub", "hub", "--listen", "127.0.0.1:0", "--lottery", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data",
            _scratch["data"]);
        string address = ProcessSwarm.FieldOf(await hub.Output.WaitForAsync("action: http_listen"), "address");
        string[] tokens = await Task.WhenAll(AgencyFiles.All.Select(TokenAsync));
        ShoalProcess[] agencies = [.. AgencyFiles.All.Select(Start)];
        await agencies[0].Output.WaitForAsync("action: chunk_ack_received", "chunk_id: 100");
        await agencies[0].KillAsync();
        await agencies[0].DisposeAsync();
        agencies[0] = Start(1);
        for (int i = 0; i < agencies.Length; i++)
        {
            await agencies[i].ExpectAsync(0);
            Assert.Equal(AgencyFiles.WinnersOf(i + 1), agencies[i].Output.All.Where(IsDocument));
        }

        // It asked what the hub has, and sent none of it again.
        Assert.False(agencies[0].Output.Has("action: chunk_ack_received", "chunk_id: 1 "));
        Assert.False(agencies[0].Output.Has("action: connect", "stored_bets: 0"));
        await agencies[0].DisposeAsync();
        files.CheckExport(await ExportAsync());

        ShoalProcess Start(int one) => Agency(
            one, address, files.PathOf(one), "--token", tokens[one - 1], "--protocol", "http");
    }

    [Fact]
    public async Task Bad_lines_are_told_and_set_aside_and_the_others_are_sent()
    {
        await using ShoalProcess lottery = Serve("127.0.0.1:0", "--agencies", "2");
        string hub = await AddressOfAsync(lottery);
        string[] lines =
        [
            "Ana,Paz,1,1990-02-28,7574", "Ana,Paz,x,1990-02-28,1", "Ana,Paz", "\"Paz, Ana\",Paz,3,1990-02-28,1",
            $"{new string('a', 5000)},Paz,4,1990-02-28,1", "Ana,\"Paz\",5,1990-02-28,9999", "Ana,Paz,6,1990-02-30,1",
        ];
        string file = _scratch["bad.csv"];
        await File.WriteAllTextAsync(file, string.Join("\r\n", lines), Stop);

        await using ShoalProcess bad = Agency(1, hub, file, "--batch", "1");
        string[] reasons =
        [
            "line: 2 | reason: \"document has something else than digits", "line: 3 | reason: \"has 2 of 5 values",
            "line: 4 | reason: \"first name has one of ,{}:; which the text protocol cannot carry",
            "line: 5 | reason: \"is longer than 4096 bytes",
            "line: 7 | reason: \"birth date is not a date as YYYY-MM-DD",
        ];
        foreach (string reason in reasons)
        {
            await bad.Output.WaitForAsync(reason);
        }

        string rejects = _scratch["rejects.csv"];
        await using ShoalProcess good = Agency(2, hub, file, "--rejects", rejects);
        await bad.ExpectAsync(1);
        await good.ExpectAsync(0);
        Assert.True(bad.Output.Has("--bets: 5 lines of", "--rejects FILE"));
        Assert.Contains("1", good.Output.All);
        Assert.Equal(
            [lines[1], lines[2], lines[3], lines[4][..4096], lines[6]], await File.ReadAllLinesAsync(rejects, Stop));
        Assert.Equal(4, (await ExportAsync()).Length);
    }

    [Fact]
    public async Task A_refused_agency_says_why_and_ends()
    {
        await using ShoalProcess lottery = Serve("127.0.0.1:0", "--agencies", "1");
        string hub = await AddressOfAsync(lottery);
        string file = _scratch["bets.csv"];
        await File.WriteAllTextAsync(file, "Ana,Paz,1,1990-02-28,7574", Stop);
        await using ShoalProcess agency = Agency(2, hub, file);
        await agency.ExpectAsync(1);
        Assert.True(agency.Output.Has("cannot go on: agency 2 is not on the roster"));
    }

    [Fact]
    public async Task One_bet_comes_from_the_environment_and_a_bad_one_names_its_variable()
    {
        await using ShoalProcess lottery = Serve("127.0.0.1:0", "--agencies", "1");
        string hub = await AddressOfAsync(lottery);
        (string, string)[] bet =
        [
            ("NOMBRE", "Santiago Lionel"), ("APELLIDO", "Lorca"), ("DOCUMENTO", "30904465"),
            ("NACIMIENTO", "1999-03-17"), ("NUMERO", "7574"),
        ];
        string[] arguments = ["lottery", "agency", "--id", "1", "--one", "--hub", hub];
        await using ShoalProcess bad = ShoalProcess.Start("bad", [.. bet, ("NACIMIENTO", "1999-02-29")], arguments);
        await bad.ExpectAsync(2);
        Assert.True(bad.Output.Has("--one: the environment variable NACIMIENTO is not a date as YYYY-MM-DD"));
        Assert.Empty(await ExportAsync());

        await using ShoalProcess good = ShoalProcess.Start("good", bet, arguments);
        await good.ExpectAsync(0);
        Assert.Equal("30904465", good.Output.All[^1]);
        Assert.Equal(["1,Santiago Lionel,Lorca,30904465,1999-03-17,7574"], await ExportAsync());

        // Both a file and the environment is a mistake.
        await using ShoalProcess both = ShoalProcess.Start("both", bet, [.. arguments, "--bets", "bets.csv"]);
        await both.ExpectAsync(2);
    }

    private static bool IsDocument(string line) => line.All(char.IsAsciiDigit);

    private ShoalProcess Serve(string listen, params string[] arguments) => ShoalProcess.Start(
        "lottery", ["lottery", "serve", "--listen", listen, "--data", _scratch["data"], .. arguments]);

    private static ShoalProcess Agency(int id, string hub, string bets, params string[] arguments) =>
        ShoalProcess.Start(
            $"agency {id}",
            [
                "lottery", "agency", "--id", id.ToString(CultureInfo.InvariantCulture), "--bets", bets,
                "--server", hub, .. arguments,
            ]);

    private static async Task<string> AddressOfAsync(ShoalProcess lottery) =>
        ProcessSwarm.FieldOf(await lottery.Output.WaitForAsync("action: lottery_listen"), "address");

    private async Task<string> TokenAsync(int agency)
    {
        await using ShoalProcess token = ShoalProcess.Start(
            "token", "lottery", "token", $"{agency}", "--data", _scratch["data"]);
        await token.ExpectAsync(0);
        return token.Output.All.Single(line => line.StartsWith($"{agency}.", StringComparison.Ordinal));
    }

    private async Task<string[]> ExportAsync()
    {
        await using ShoalProcess export = ShoalProcess.Start(
            "export", "lottery", "export", "--data", _scratch["data"], "--csv", _scratch["export.csv"]);
        await export.ExpectAsync(0);
        return await File.ReadAllLinesAsync(_scratch["export.csv"], Stop);
    }
}
