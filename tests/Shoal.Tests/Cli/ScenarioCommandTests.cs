using System.Text.Json;
using Shoal.Cli.Bound;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Tests.Cli;

public sealed class ScenarioCommandTests
{
    private const double Mbit = 125_000;

    [Fact]
    public async Task The_defaults_are_four_peers_with_equal_links()
    {
        ScenarioArguments told = await Bind("bound");

        Assert.Equal(4, told.Scenario.Peers.Length);
        Assert.All(told.Scenario.Peers, peer => Assert.Equal(new PeerLink(100 * Mbit, 100 * Mbit), peer.Link));
        Assert.All(told.Scenario.Contents, content => Assert.Equal(500_000_000, content.Length));
        Assert.Equal([0, 1, 2, 3], told.Scenario.Contents.Select(content => content.Holders.Single()));
        Assert.Equal(VirtualTime.FromSeconds(0.001), told.Scenario.Latency);
        Assert.Equal([PickPolicy.Planned], told.Policies);
        Assert.Equal("shoal bound --random-seed 1", told.Replay);
        Assert.Equal(120, told.Bound.Seconds, 6);
    }

    [Fact]
    public async Task Every_option_arrives_where_it_belongs()
    {
        string line = "bound --peers 5 --sources 2 --size 10MB --up 20Mbit --down 30Mbit --duplex half --hub-up 1Gbit "
            + "--hub-down 2Gbit --relay --latency 5ms --chunk 64KiB --random-seed 7 --policy all --json "
            + "--peer 2-3:up=5Mbit,site=lab --peer 3:size=4MB,down=unlimited --site lab:up=50Mbit,down=60Mbit";
        ScenarioArguments told = await Bind(line.Split(' '));

        Assert.Equal(
            [
                new PeerLink(20 * Mbit, 30 * Mbit, true), new PeerLink(5 * Mbit, 30 * Mbit, true, 0),
                new PeerLink(5 * Mbit, double.PositiveInfinity, true, 0), new PeerLink(20 * Mbit, 30 * Mbit, true),
                new PeerLink(20 * Mbit, 30 * Mbit, true),
            ],
            told.Scenario.Peers.Select(peer => peer.Link));
        Assert.Equal(
            [(10_000_000, 65_536, 0), (10_000_000, 65_536, 1), (4_000_000, 65_536, 2)],
            told.Scenario.Contents.Select(content => (content.Length, content.ChunkSize, content.Holders.Single())));
        Assert.Equal([new SiteLink(50 * Mbit, 60 * Mbit)], told.Scenario.Sites);
        Assert.Equal(["lab"], told.SiteNames);
        Assert.Equal(new PeerLink(1000 * Mbit, 2000 * Mbit), told.Scenario.Hub);
        Assert.True(told.Scenario.IsRelayOnly);
        Assert.True(told.AsJson);
        Assert.Equal(VirtualTime.FromSeconds(0.005), told.Scenario.Latency);
        Assert.Equal(7UL, told.Scenario.RandomSeed);
        Assert.Equal([PickPolicy.Planned, PickPolicy.Rarest, PickPolicy.Direct], told.Policies);
        Assert.Equal("shoal " + line, told.Replay);
    }

    [Theory]
    [InlineData("--sources 5", "--sources: there are only 4 peers")]
    [InlineData("--relay", "--hub-up: ")]
    [InlineData("--hub-down 1Gbit", "--hub-up: ")]
    [InlineData("--peer 5:up=1Mbit", "--peer: there is no peer 5")]
    [InlineData("--peer 0:up=1Mbit", "--peer: '0:up=1Mbit' does not begin with a peer")]
    [InlineData("--peer 3-2:up=1Mbit", "--peer: '3-2:up=1Mbit' does not begin with a peer")]
    [InlineData("--peer 1:up=1", "--peer: in '1:up=1', '1' is not a rate")]
    [InlineData("--peer 1:up=1Mbit,up=2Mbit", "--peer: in '1:up=1Mbit,up=2Mbit', up is given twice")]
    [InlineData("--peer 1:", "--peer: in '1:', '' is not a pair")]
    [InlineData("--peer 1:rate=1", "--peer: in '1:rate=1', 'rate=1' is not one of")]
    [InlineData("--peer 1:site=x", "--peer: there is no site x")]
    [InlineData("--site x", "--site: 'x' does not begin with a name")]
    [InlineData("--site x:up=1Mbit --site x:up=2Mbit", "--site: x is given twice")]
    [InlineData("--chunk 16KiB --size 1TB", "--chunk: 1 TB would be more than")]
    [InlineData("--policy best", "--policy: 'best' is none of ")]
    public async Task Wrong_scenarios_are_refused_and_the_flag_is_named(string options, string error)
    {
        using var bound = new CommandTrial<ScenarioArguments>(BoundCommand.Create);

        Assert.Equal(ExitCode.Usage, await bound.RunAsync([.. "bound".Split(' '), .. options.Split(' ')]));
        Assert.Contains(error, bound.Error, StringComparison.Ordinal);
        Assert.Null(bound.Told);
    }

    [Theory]
    [InlineData("", 120_000)]
    [InlineData("--duplex half", 240_000)]
    [InlineData("--peer 2:up=10Mbit", 400_000)]
    [InlineData("--peers 16 --size 100MB", 120_000)]
    [InlineData("--peers 16 --size 100MB --peer 9-16:up=20Mbit", 200_000)]
    [InlineData("--peers 16 --size 100MB --up 20Mbit", 600_000)]
    [InlineData("--peers 16 --size 100MB --up 20Mbit --hub-up 1Gbit", 153_191.489362)]
    [InlineData("--peers 16 --size 100MB --hub-up 1Gbit --hub-down 1Gbit --relay", 192_000)]
    public async Task Bound_answers_the_worked_figures(string options, double milliseconds)
    {
        (int code, string output) = await Run("bound --json " + options);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(milliseconds, JsonDocument.Parse(output).RootElement.GetProperty("lower_bound_ms").GetDouble(), 3);
    }

    [Fact]
    public async Task Bound_says_what_limits_and_what_could_be_saved()
    {
        (int code, string output) = await Run("bound --peer 1:up=10Mbit --peer 3-4:site=lab --site lab:down=500Mbit");

        Assert.Equal(ExitCode.Done, code);
        GoldenFile.Check("bound.txt", output);
    }

    [Fact]
    public async Task What_others_limit_as_much_saves_nothing_alone()
    {
        (int code, string output) = await Run("bound --peers 4");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(
            "binding      download of peer 1, and others as much: without that limit alone still 120.000 s",
            output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_prints_its_seed_its_figures_and_a_line_per_peer()
    {
        (int code, string output) = await Run("simulate exchange --size 5MB --random-seed 3");

        string[] lines = output.Split('\n');
        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("random seed 3 | 4 peers, ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" | shoal simulate exchange --size 5MB --random-seed 3", lines[0].TrimEnd(),
            StringComparison.Ordinal);
        Assert.Contains("lower bound  1.200 s", output, StringComparison.Ordinal);
        Assert.Contains("ratio        1.0", output, StringComparison.Ordinal);
        Assert.Equal(4, lines
            .Count(line => line.StartsWith("peer ", StringComparison.Ordinal) && line.Contains("15 MB")));
    }

    [Fact]
    public async Task A_simulation_as_json_has_what_programs_need()
    {
        (int code, string output) = await Run("simulate exchange --size 5MB --policy all --json");

        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(1200, root.GetProperty("lower_bound_ms").GetDouble());
        Assert.Equal(
            root.GetProperty("makespan_ms").GetDouble() / 1200, root.GetProperty("ratio").GetDouble(), 9);
        Assert.Equal("download of peer 1", root.GetProperty("binding").GetString());
        Assert.Equal(4, root.GetProperty("peers").GetArrayLength());
        Assert.Equal(
            ["planned", "rarest", "direct"],
            root.GetProperty("policies").EnumerateArray().Select(run => run.GetProperty("policy").GetString()));
    }

    [Theory]
    [InlineData("--up 20Mbit --hub-up 1Gbit", false)]
    [InlineData("--hub-up 100Mbit --relay", true)]
    public async Task A_hub_that_helps_or_relays_is_simulated(string options, bool isRelay)
    {
        (int code, string output) = await Run($"simulate exchange --size 20MB {options} --json");

        JsonElement root = JsonDocument.Parse(output).RootElement;
        long got = root.GetProperty("hub_bytes_received").GetInt64();
        Assert.Equal(ExitCode.Done, code);
        Assert.InRange(root.GetProperty("ratio").GetDouble(), 1, 1.1);
        Assert.InRange(got, isRelay ? 80_000_000 : 1, 1.02 * 80_000_000);
        Assert.Equal(3 * got, root.GetProperty("hub_bytes_sent").GetInt64());
    }

    private static async Task<ScenarioArguments> Bind(params string[] args)
    {
        using var bound = new CommandTrial<ScenarioArguments>(BoundCommand.Create);
        int code = await bound.RunAsync(args);
        Assert.True(code == ExitCode.Done, bound.Error);
        return bound.Told!;
    }

    private static async Task<(int Code, string Output)> Run(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var screen = new CommandScreen(output, error, false, false, false, 110);
        int code = await CommandFrame.RunAsync(
            CommandTree.Create(screen), line.Split(' ', StringSplitOptions.RemoveEmptyEntries), screen);
        Assert.Equal("", error.ToString());
        return (code, output.ToString().ReplaceLineEndings("\n"));
    }
}
