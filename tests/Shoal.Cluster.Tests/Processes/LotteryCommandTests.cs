using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The lottery's commands on a folder, without a hub.</summary>
public sealed class LotteryCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Data => _scratch["data"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_draw_is_made_once_and_keeps_its_terms()
    {
        File.WriteAllText(_scratch["roster"], "3\n\n7 # the port\n5\n");
        Assert.Equal(
            ["draw spring: made, open, revision 1, 3 agencies, winning number 42"],
            await RunAsync(
                0, "open", "spring", "--roster", _scratch["roster"], "--winning-number", "42", "--data", Data));
        Assert.Equal(
            ["draw spring: open, revision 1, 3 agencies, winning number 42"],
            await RunAsync(
                0, "open", "spring", "--roster", _scratch["roster"], "--winning-number", "42", "--data", Data));
        Assert.Contains(
            "terms cannot be changed", Assert.Single(await RunAsync(1, "open", "spring", "--data", Data)),
            StringComparison.Ordinal);
        Assert.Contains(
            "3 of 3 agencies have not closed",
            Assert.Single(await RunAsync(1, "winners", "--draw", "spring", "--data", Data)), StringComparison.Ordinal);
        Assert.Contains(
            "no draw 'autumn'", Assert.Single(await RunAsync(1, "winners", "--draw", "autumn", "--data", Data)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3\nx\n", "line 2")]
    [InlineData("3\n3\n", "agency 3 twice")]
    [InlineData("# nobody\n", "has no agencies")]
    public async Task A_roster_that_is_none_is_refused(string text, string why)
    {
        File.WriteAllText(_scratch["roster"], text);
        string[] lines = await RunAsync(1, "open", "spring", "--roster", _scratch["roster"], "--data", Data);
        Assert.Contains(why, lines[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_roster_that_is_not_there_fails_the_work()
    {
        string[] lines = await RunAsync(1, "open", "spring", "--roster", _scratch["none"], "--data", Data);
        Assert.Equal([$"shoal: --roster: {_scratch["none"]} cannot be read: there is no such file."], lines);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_without_its_secrets()
    {
        string[] lines = await RunAsync(1, "export", "--store", "Host=127.0.0.1;Port=1;Password=secret");
        Assert.StartsWith("shoal: --store: Host=127.0.0.1;Port=1;", Assert.Single(lines), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "shoal: --store: the bets lie in a folder or in a database",
            (await RunAsync(2, "export", "--store", "Host=a", "--data", "b"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bets_are_made_up_the_same_for_the_same_random_seed()
    {
        foreach (string folder in new[] { "a", "b" })
        {
            await RunAsync(
                0, "generate", "--agencies", "3", "--bets", "1000", "--winners", "40", "--random-seed", "9", "--dir",
                _scratch[folder]);
        }

        string[] winners = File.ReadAllLines(_scratch["a/winners.csv"]);
        var found = new List<string>();
        var documents = new HashSet<string>();
        for (int agency = 1; agency <= 3; agency++)
        {
            string[] rows = File.ReadAllLines(_scratch[$"a/agency-{agency}.csv"]);
            Assert.Equal(rows, File.ReadAllLines(_scratch[$"b/agency-{agency}.csv"]));
            Assert.InRange(rows.Length, 333, 334);
            Assert.All(rows, row => Assert.True(documents.Add(row.Split(',')[2])));
            found.AddRange(rows.Select(row => row.Split(',')).Where(row => row[4] == "7574")
                .Select(row => $"{agency},{row[2]}"));
        }

        Assert.Equal(1000, documents.Count);
        Assert.Equal(40, winners.Length);
        Assert.Equal(winners, found);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--store")]
    public async Task A_draw_that_was_held_is_opened_again_and_held_again(string flag)
    {
        await using PostgresTrial? database = flag == "--store" ? await PostgresTrial.CreateAsync() : null;
        string[] store = [flag, database?.Connection ?? Data];
        await RunAsync(0, ["open", "spring", "--agencies", "1", "--winning-number", "42", .. store]);
        string token = Assert.Single(await RunAsync(0, ["token", "1", .. store]));
        await HoldAsync(store, token, "Ana,Paz,1,1990-02-28,42");
        Assert.Equal(["1,1"], await RunAsync(0, ["winners", "--draw", "spring", .. store]));

        Assert.Equal(
            ["draw spring is open again, revision 2"], await RunAsync(0, ["reopen", "--draw", "spring", .. store]));
        await RunAsync(1, ["winners", "--draw", "spring", .. store]);
        Assert.Contains(
            "has no draw 'spring' that was held",
            Assert.Single(await RunAsync(1, ["reopen", "--draw", "spring", .. store])), StringComparison.Ordinal);
        await HoldAsync(store, token, "Ana,Paz,1,1990-02-28,42", "Bea,Paz,2,1990-02-28,42");
        Assert.Equal(["1,1", "1,2"], await RunAsync(0, ["winners", "--draw", "spring", .. store]));
        Assert.Equal(
            ["1,Ana,Paz,1,1990-02-28,42", "1,Bea,Paz,2,1990-02-28,42"],
            await RunAsync(0, ["export", "--draw", "spring", .. store]));
    }

    [Fact]
    public async Task A_folder_is_served_by_one_hub_and_looked_into_by_anybody_meanwhile()
    {
        string[] store = ["--data", Data];
        string[] serve = ["serve", "--listen", "127.0.0.1:0", "--agencies", "1", .. store];
        await using (ShoalProcess first = ShoalProcess.Start("hub", ["lottery", .. serve]))
        {
            await ProcessSwarm.PortOfAsync(first, "lottery_listen");
            Assert.Contains(
                $"shoal: --data: {Data} is in use by another hub.", string.Join('\n', await RunAsync(1, serve)),
                StringComparison.Ordinal);
            await using ShoalProcess other = ShoalProcess.Start(
                "hub", ["hub", "--listen", "127.0.0.1:0", "--lottery", "127.0.0.1:0", .. store]);
            await other.ExpectAsync(1);
            await other.Output.WaitForAsync("is in use by another hub");
            await RunAsync(0, ["open", "spring", "--agencies", "1", "--winning-number", "42", .. store]);
            string token = Assert.Single(await RunAsync(0, ["token", "1", .. store]));
            Assert.StartsWith("1.", token, StringComparison.Ordinal);
            Assert.Empty(await RunAsync(0, ["export", .. store]));
            await RunAsync(1, ["winners", .. store]);
            Assert.Contains(
                "has no draw 'default' that was held", Assert.Single(await RunAsync(1, ["reopen", .. store])),
                StringComparison.Ordinal);
            await first.KillAsync();
        }

        // One that was killed keeps nobody out.
        await using ShoalProcess again = ShoalProcess.Start("hub", ["lottery", .. serve]);
        await ProcessSwarm.PortOfAsync(again, "lottery_listen");
    }

    [Fact]
    public async Task A_token_of_a_lottery_that_nobody_made_says_where_one_is_made()
    {
        string[] first = await RunAsync(0, "token", "1", "--data", Data);
        Assert.Contains(
            $"shoal: there was no lottery in {Data} yet; the token is of the one that is made there now.", first);
        string token = Assert.Single(await RunAsync(0, "token", "1", "--data", Data));
        Assert.Equal(2, first.Length);
        Assert.Contains(token, first);
    }

    // The agency goes on behind what is stored.
    private async Task HoldAsync(string[] store, string token, params string[] rows)
    {
        await File.WriteAllLinesAsync(_scratch["bets.csv"], rows, TestContext.Current.CancellationToken);
        await using ShoalProcess hub = ShoalProcess.Start(
            "hub", ["lottery", "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", .. store]);
        int port = await ProcessSwarm.PortOfAsync(hub, "http_listen");
        await RunAsync(
            0, "agency", "--id", "1", "--bets", _scratch["bets.csv"], "--hub", $"127.0.0.1:{port}", "--token", token,
            "--draw", "spring", "--batch", "1");
        await hub.KillAsync();
    }

    private static async Task<string[]> RunAsync(int exitCode, params string[] arguments)
    {
        await using ShoalProcess process = ShoalProcess.Start("lottery", ["lottery", .. arguments]);
        await process.ExpectAsync(exitCode);
        return [.. process.Output.All];
    }
}
