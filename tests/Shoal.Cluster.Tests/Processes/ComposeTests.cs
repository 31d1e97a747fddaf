using Shoal.Cluster.Tests.Bench;
using YamlDotNet.RepresentationModel;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The page for containers, and the question whether a hub lives.</summary>
public sealed class ComposeTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_agency_has_its_bets_and_waits_for_a_hub_that_answers()
    {
        await RunAsync(0, "lottery", "generate", "--agencies", "3", "--bets", "30", "--dir", _scratch["bets"]);
        YamlMappingNode page = await PageAsync("--agencies", "3", "--bets", _scratch["bets"]);
        var services = Below(page, "services");
        Assert.Equal(["hub", "agency-1", "agency-2", "agency-3"], services.Children.Keys.Select(key => $"{key}"));
        Assert.Equal("shoal", $"{Below(services, "hub", "healthcheck")["test"][1]}");
        for (int agency = 1; agency <= 3; agency++)
        {
            YamlMappingNode service = Below(services, $"agency-{agency}");
            Assert.Equal($"{agency}", $"{service["environment"]["CLI_ID"]}");
            Assert.Equal("service_healthy", $"{service["depends_on"]["hub"]["condition"]}");
            Assert.Equal("lottery", $"{service["networks"][0]}");
            YamlNode bets = service["volumes"][0];
            Assert.Equal(_scratch[$"bets/agency-{agency}.csv"], $"{bets["source"]}");
            Assert.Equal("true", $"{bets["read_only"]}");
        }
    }

    [Fact]
    public async Task The_settings_of_the_page_are_those_of_its_commands()
    {
        await RunAsync(0, "lottery", "generate", "--agencies", "2", "--bets", "30", "--dir", _scratch["bets"]);
        YamlMappingNode configs = Below(await PageAsync("--agencies", "2", "--bets", _scratch["bets"]), "configs");
        File.WriteAllText(_scratch["hub.yaml"], $"{configs["hub"]["content"]}");
        File.WriteAllText(_scratch["agency.yaml"], $"{configs["agency"]["content"]}");
        string[] hub = await RunAsync(0, "config", "lottery", "serve", "--config", _scratch["hub.yaml"]);
        Assert.Contains(hub, line => line.Contains("agencies: 2 ", StringComparison.Ordinal));
        Assert.Contains(hub, line => line.Contains("listen: '0.0.0.0:12345'", StringComparison.Ordinal));
        string[] agency = await RunAsync(0, "config", "lottery", "agency", "--config", _scratch["agency.yaml"]);
        Assert.Contains(agency, line => line.Contains("hub: 'hub:12345'", StringComparison.Ordinal));

        YamlMappingNode own = await PageAsync(
            "--agencies", "2", "--bets", _scratch["bets"], "--hub-config", _scratch["hub.yaml"], "--agency-config",
            _scratch["agency.yaml"]);
        Assert.DoesNotContain("configs", own.Children.Keys.Select(key => $"{key}"));
        Assert.Equal(_scratch["hub.yaml"], $"{Below(own, "services", "hub")["volumes"][1]["source"]}");
        Assert.Equal("true", $"{Below(own, "services", "agency-2")["volumes"][1]["read_only"]}");
    }

    [Fact]
    public async Task Bets_and_settings_that_are_missing_are_named()
    {
        await RunAsync(0, "lottery", "generate", "--agencies", "1", "--bets", "30", "--dir", _scratch["bets"]);
        string[] lines = await RunAsync(1, "compose", "--agencies", "9", "--bets", _scratch["bets"]);
        Assert.Contains("agency-2.csv", lines[0], StringComparison.Ordinal);
        Assert.Contains("and 3 more", lines[0], StringComparison.Ordinal);
        lines = await RunAsync(
            1, "compose", "--agencies", "1", "--bets", _scratch["bets"], "--hub-config", _scratch["none"]);
        Assert.StartsWith("shoal: --hub-config: ", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_answers_unless_it_hangs_or_is_gone()
    {
        await using ShoalProcess hub = ShoalProcess.Start(
            "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--data", _scratch["data"]);
        string address = ProcessSwarm.FieldOf(await hub.Output.WaitForAsync("action: lottery_listen"), "address");
        Assert.Contains("answers after", Assert.Single(await RunAsync(0, "ping", address, "--patience", "30s")),
            StringComparison.Ordinal);
        hub.Send(ShoalProcess.Signal.Stop);
        Assert.Contains(
            "no answer within 0.3 s", Assert.Single(await RunAsync(1, "ping", address, "--patience", "300ms")),
            StringComparison.Ordinal);
        hub.Send(ShoalProcess.Signal.Continue);
        await RunAsync(0, "ping", address, "--patience", "30s");
        await hub.KillAsync();
        Assert.Contains("does not answer", Assert.Single(await RunAsync(1, "ping", address)), StringComparison.Ordinal);
    }

    private async Task<YamlMappingNode> PageAsync(params string[] arguments)
    {
        string[] lines = await RunAsync(0, ["compose", .. arguments]);
        var stream = new YamlStream();
        stream.Load(new StringReader(string.Join('\n', lines)));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode Below(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, (at, key) => (YamlMappingNode)at[key]);

    private static async Task<string[]> RunAsync(int exitCode, params string[] arguments)
    {
        await using ShoalProcess process = ShoalProcess.Start("shoal", arguments);
        await process.ExpectAsync(exitCode);
        return [.. process.Output.All];
    }
}
