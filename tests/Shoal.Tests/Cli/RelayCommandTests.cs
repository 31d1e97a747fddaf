using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Tests.Architecture;
using Shoal.Tests.Relay;

namespace Shoal.Tests.Cli;

public sealed class RelayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_defaults_are_the_reference_scenario()
    {
        StarArguments told = await Bind("relay");

        Assert.Equal(Stars.Reference.Links, told.Shape.Costs.Links);
        Assert.Equal([3907, 3907, 3907, 3907], told.Shape.Chunks);
        Assert.Equal((StarMode.Strict, FinishedCost.Charged), (told.Shape.Mode, told.Shape.Finished));
        Assert.Equal([StarPolicy.Planned], told.Policies);
        Assert.Equal((1UL, false), (told.RandomSeed, told.AsJson));
        Assert.Equal((null, null, null), (told.TraceFile, told.GanttFile, told.CheckFile));
        Assert.Equal("shoal relay --random-seed 1", told.Replay);
    }

    [Fact]
    public async Task Help_shows_the_default_costs_as_people_write_them()
    {
        (_, string output, _) = await Run("simulate relay --help");

        Assert.Contains(" 6:0.6,7:0.7,8:0.8,9:0.9]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("LinkCosts", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_arrives_where_it_belongs()
    {
        string line = "relay --chunks 7 --costs 5:0.5,0.000001:3600000 --mode fan-out --policy greedy "
            + "--charge-finished false --random-seed 9 --json --trace t --gantt g.svg";
        StarArguments told = await Bind(line.Split(' '));

        Assert.Equal(
            [new LinkCost(new VirtualTime(5_000_000), new VirtualTime(500_000)),
                new LinkCost(new VirtualTime(1), CostModel.MostCost)],
            told.Shape.Costs.Links);
        Assert.Equal([7, 7], told.Shape.Chunks);
        Assert.Equal((StarMode.FanOut, FinishedCost.Free), (told.Shape.Mode, told.Shape.Finished));
        Assert.Equal([StarPolicy.Greedy], told.Policies);
        Assert.Equal((9UL, true), (told.RandomSeed, told.AsJson));
        Assert.Equal(("t", "g.svg"), (told.TraceFile, told.GanttFile));
        Assert.Equal("shoal " + line, told.Replay);
        Assert.Equal(
            [StarPolicy.Planned, StarPolicy.Greedy, StarPolicy.Rounds],
            (await Bind("relay", "--policy", "all")).Policies);
        Assert.Equal("t", (await Bind("relay", "--check", "t", "--gantt", "g")).CheckFile);
    }

    [Fact]
    public async Task A_peers_file_says_costs_and_chunks_of_each_peer()
    {
        string file = Write("""
            [{"chunk_ms": 6, "message_ms": 0.6, "chunks": 0}, {"message_ms": 1e-1, "chunk_ms": 7.000001},
             {"chunk_ms": 8, "message_ms": 0.8, "chunks": 5}]
            """);
        StarArguments told = await Bind("relay", "--peers-file", file, "--chunks", "3");

        Assert.Equal("6:0.6,7.000001:0.1,8:0.8", told.Shape.Costs.ToString());
        Assert.Equal([0, 3, 5], told.Shape.Chunks);
    }

    [Theory]
    [InlineData("--costs 6", "--costs: '6' is not a pair CHUNK:MESSAGE")]
    [InlineData("--costs 6:0.6,7:0", "--costs: a cost of 0 ms is not positive")]
    [InlineData("--costs 6:-1", "--costs: a cost of -1 ms is not positive")]
    [InlineData("--costs NaN:1", "--costs: 'NaN' is not a number of milliseconds")]
    [InlineData("--costs Infinity:1", "--costs: 'Infinity' is not a number of milliseconds")]
    [InlineData("--costs six:1", "--costs: 'six' is not a number of milliseconds")]
    [InlineData("--costs 6:0.0000001", "--costs: a cost of 0.0000001 ms is finer than a nanosecond")]
    [InlineData("--costs 3600000.1:1", "--costs: a cost of 3600000.1 ms is more than")]
    [InlineData("--costs 6:0.6, --chunks 1", "--costs: '' is not a pair")]
    [InlineData("--costs 6:0.6", "--costs: 1 pairs CHUNK:MESSAGE are for as many peers")]
    [InlineData("--chunks -1", "--chunks: '-1' is not a whole number from 0 to 50000000")]
    [InlineData("--chunks 5000000", "--chunks: that would be 60000000 transfers; at most 50000000")]
    [InlineData("--costs 3600000:1,3600000:1 --chunks 25000000", "--costs: with so many chunks")]
    [InlineData("--mode both", "--mode: 'both' is none of ")]
    [InlineData("--policy best", "--policy: 'best' is none of ")]
    [InlineData("--charge-finished maybe", "--charge-finished: 'maybe' is none of ")]
    [InlineData("--policy all --trace t", "--policy: --trace and --gantt show one run")]
    [InlineData("--policy all --gantt t", "--policy: --trace and --gantt show one run")]
    [InlineData("--check t --trace u", "--check: it runs nothing")]
    [InlineData("--check t --policy greedy", "--check: it runs nothing")]
    [InlineData("--peers-file p --costs 1:1,1:1", "--peers-file: it says what the links take")]
    public async Task Wrong_stars_are_refused_and_the_flag_is_named(string options, string error)
    {
        using var trial = new CommandTrial<StarArguments>(SimulateCommand.CreateRelay);

        Assert.Equal(ExitCode.Usage, await trial.RunAsync(["relay", .. options.Split(' ')]));
        Assert.Contains(error, trial.Error, StringComparison.Ordinal);
        Assert.Null(trial.Told);
    }

    [Fact]
    public async Task A_peers_file_that_is_not_there_fails_the_work()
    {
        using var trial = new CommandTrial<StarArguments>(SimulateCommand.CreateRelay);
        Assert.Equal(ExitCode.Failed, await trial.RunAsync("relay", "--peers-file", "no/such"));
        Assert.Contains("--peers-file: no/such cannot be read: there is no such file.", trial.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", " is not JSON (line 1): write [{\"chunk_ms\"")]
    [InlineData("[\n{},\n", " is not JSON (line 3)")]
    [InlineData("{}", " is not an array of peers")]
    [InlineData("[]", " is not an array of peers")]
    [InlineData("[6]", ": peer 1 is not an object")]
    [InlineData("[{\"chunk_ms\": 6}]", ": peer 1 has no message_ms")]
    [InlineData("[{\"chunk_ms\": 6, \"message_ms\": 0}]", ": peer 1, message_ms: a cost of 0 ms is not positive")]
    [InlineData("[{\"chunk_ms\": \"6\", \"message_ms\": 1}]", ": peer 1, chunk_ms: '\"6\"' is not a number")]
    [InlineData("[{\"chunk_ms\": null, \"message_ms\": 1}]", ": peer 1, chunk_ms: 'null' is not a number")]
    [InlineData("[{\"chunk_ms\": 6, \"message_ms\": 1, \"chunks\": 1.5}]", ": peer 1, chunks: 1.5 is not a whole")]
    [InlineData("[{\"chunk_ms\": 6, \"message_ms\": 1, \"chunks\": -1}]", ": peer 1, chunks: -1 is not a whole")]
    [InlineData("[{\"chunk_ms\": 6, \"message_ms\": 1, \"speed\": 1}]", ": peer 1 has 'speed', which is not one of")]
    [InlineData("[{\"chunk_ms\": 6, \"chunk_ms\": 6}]", ": peer 1 has chunk_ms twice")]
    public async Task A_wrong_peers_file_is_refused_and_the_place_is_named(string text, string error)
    {
        string file = Write(text);
        using var trial = new CommandTrial<StarArguments>(SimulateCommand.CreateRelay);

        Assert.Equal(ExitCode.Failed, await trial.RunAsync("relay", "--peers-file", file));
        Assert.Contains($"--peers-file: {file}{error}", trial.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_peers_than_can_be_simulated_are_refused()
    {
        string peer = """{"chunk_ms": 6, "message_ms": 0.6, "chunks": 0}""";
        string file = Write($"[{string.Join(',', Enumerable.Repeat(peer, StarShape.MostPeers + 1))}]");
        using var trial = new CommandTrial<StarArguments>(SimulateCommand.CreateRelay);

        Assert.Equal(ExitCode.Failed, await trial.RunAsync("relay", "--peers-file", file));
        Assert.Contains("--peers-file: there are 1025 peers", trial.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, await trial.RunAsync("relay", "--peers-file", Write(new string(' ', 1 << 21))));
        Assert.Contains("more than 1048576 bytes", trial.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--chunks 100", "relay.txt")]
    [InlineData("--chunks 100 --policy all", "relay-policies.txt")]
    [InlineData("--chunks 100 --mode fan-out --charge-finished false --json", "relay.json")]
    [InlineData("--costs 1:1,2:2,3:3,4:4,5:5,6:6 --chunks 5", "relay-six.txt")]
    public async Task A_run_prints_its_figures(string options, string golden)
    {
        (int code, string output, string error) = await Run("simulate relay " + options);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        GoldenFile.Check(golden, output);
    }

    [Fact]
    public async Task All_policies_as_json_stand_side_by_side()
    {
        (_, string output, _) = await Run("simulate relay --chunks 100 --policy all --json");

        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(5061.6, root.GetProperty("lower_bound_ms").GetDouble());
        Assert.InRange(root.GetProperty("virtual_makespan_ms").GetDouble(), 5061.6, 5065);
        Assert.Equal(
            ["planned", "greedy", "rounds"],
            root.GetProperty("policies").EnumerateArray().Select(run => run.GetProperty("policy").GetString()));
        Assert.Equal(6210, root.GetProperty("policies")[2].GetProperty("virtual_makespan_ms").GetDouble());
    }

    [Fact]
    public async Task A_star_of_one_peer_or_of_nothing_is_over_at_once()
    {
        string one = Write("""[{"chunk_ms": 6, "message_ms": 0.6}]""");
        foreach (string options in new[] { $"--peers-file {one}", "--chunks 0" })
        {
            string trace = Path.Join(_folder.Path, "t");
            (int code, string output, string error) = await Run(
                $"simulate relay {options} --gantt {trace}.svg --trace {trace}");
            Assert.Equal((ExitCode.Done, ""), (code, error));
            Assert.Contains("makespan     0 ms", output, StringComparison.Ordinal);
            Assert.Contains("ratio        none", output, StringComparison.Ordinal);
            Assert.Equal("", File.ReadAllText(trace));
        }
    }

    [Fact]
    public async Task A_picture_has_a_row_a_link()
    {
        string file = Path.Join(_folder.Path, "pictures/star.svg");
        (int code, _, string error) = await Run($"simulate relay --costs 6:1,7:2 --chunks 1 --gantt {file}");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        GoldenFile.Check("relay.svg", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task The_picture_in_the_docs_is_the_one_that_its_command_draws()
    {
        string file = Path.Join(_folder.Path, "greedy.svg");
        await Run($"simulate relay --chunks 12 --policy greedy --gantt {file}");

        Assert.Equal(
            Repository.Read("docs/relay-greedy.svg").ReplaceLineEndings("\n"),
            File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_ends_the_run_at_once_and_the_flag_is_named()
    {
        string notFolder = Write("a file");
        foreach (string flag in new[] { "--trace", "--gantt" })
        {
            (int code, _, string error) = await Run($"simulate relay --chunks 5 {flag} {notFolder}/x");
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains($"shoal: {flag}: {notFolder}/x cannot be written: ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_that_is_stopped_leaves_no_file_behind()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        using var nowhere = new StringWriter();
        var screen = new CommandScreen(nowhere, nowhere, false, false, false, 110);
        string trace = Path.Join(_folder.Path, "t");

        int code = await CommandFrame.RunAsync(
            CommandTree.Create(screen), ["simulate", "relay", "--trace", trace, "--gantt", trace + ".svg"], screen,
            stop.Token);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_device_is_written_to_and_not_replaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no /dev/null here.");
        (int code, _, string error) = await Run("simulate relay --chunks 5 --trace /dev/null --gantt /dev/null");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Empty(await File.ReadAllBytesAsync("/dev/null", TestContext.Current.CancellationToken));
    }

    private async Task<StarArguments> Bind(params string[] args)
    {
        using var trial = new CommandTrial<StarArguments>(SimulateCommand.CreateRelay);
        int code = await trial.RunAsync(args);
        Assert.True(code == ExitCode.Done, trial.Error);
        return trial.Told!;
    }

    private string Write(string text)
    {
        string path = Path.Join(_folder.Path, "peers.json");
        File.WriteAllText(path, text);
        return path;
    }

    internal static async Task<(int Code, string Output, string Error)> Run(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var screen = new CommandScreen(output, error, false, false, false, 110);
        int code = await CommandFrame.RunAsync(
            CommandTree.Create(screen), line.Split(' ', StringSplitOptions.RemoveEmptyEntries), screen);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
