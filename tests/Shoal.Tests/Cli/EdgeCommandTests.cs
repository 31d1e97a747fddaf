using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;
using Shoal.Core.Edge;

namespace Shoal.Tests.Cli;

public sealed class EdgeCommandTests : IDisposable
{
    private const string Small = "simulate edge --files 200 --per-client 40 --capacity-kb 600 --search 200";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_defaults_are_the_reference_scenario()
    {
        EdgeArguments told = await Bind("simulate edge");
        Assert.Equal(new EdgeShape(), told.Shape);
        Assert.Equal((10_000, null, 1000, 1UL), (told.Files, told.Clients, told.PerClient, told.RandomSeed));
        Assert.Equal(new EdgePlanOptions(), told.Options);
        Assert.Equal([EdgePolicy.Planned], told.Policies);
        Assert.Equal("shoal edge --random-seed 1", told.Replay);
    }

    [Fact]
    public async Task Every_option_arrives_where_it_belongs()
    {
        string line = "simulate edge --files 50 --clients 3 --per-client 5 --edges 4 --capacity-kb 77 "
            + "--rates 0.5,2,12.25 --random-seed 9 --order free --one-direct --prefill --policy all --search 12 --json";
        EdgeArguments told = await Bind(line);
        Assert.Equal(
            new EdgeShape
            {
                Edges = 4, CapacityKb = 77, OriginToClient = 500, OriginToEdge = 2000, EdgeToClient = 12_250,
            },
            told.Shape);
        Assert.Equal((50, 3, 5, 9UL), (told.Files, told.Clients, told.PerClient, told.RandomSeed));
        Assert.Equal((12, ListOrder.Free, DirectLimit.One),
            (told.Options.Steps, told.Options.Order, told.Options.Limit));
        Assert.True(told is { IsPrefilled: true, AsJson: true });
        Assert.Equal(6, told.Policies.Length);
        Assert.Equal("shoal " + line["simulate ".Length..], told.Replay);
    }

    [Theory]
    [InlineData("--rates 1,2", "--rates: '1,2' is not three rates")]
    [InlineData("--rates 1,0,3", "--rates: '1,0,3' is not three rates")]
    [InlineData("--rates 1,2.0005,3", "--rates: '1,2.0005,3' is not three rates")]
    [InlineData("--per-client 10001", "--per-client: there are only 10000 files")]
    [InlineData("--clients 256 --per-client 5000", "--per-client: together the lists would have more than 1000000")]
    [InlineData("--files 1000000", "--files: together the clients could want more than")]
    [InlineData("--trace t --policy all", "--trace: it shows one run")]
    [InlineData("--lists l --per-client 5", "--lists: the lists are given; leave --per-client out")]
    [InlineData("--edges -1", "--edges: '-1' is not a whole number")]
    [InlineData("--policy best", "--policy: 'best' is none of ")]
    public async Task Wrong_scenarios_are_refused_and_the_flag_is_named(string options, string error)
    {
        (int code, _, string errors) = await Run($"simulate edge {options}");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(error, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[1,2],[3,11]]", "list 2 of", "names file 11, which is not in the catalogue; it has files 1 to 10")]
    [InlineData("[[1,1]]", "names file 1 twice")]
    [InlineData("[[0]]", "names file 0, which is not in the catalogue")]
    [InlineData("[[1],", "is not an array of arrays of file numbers")]
    [InlineData("{}", "is not an array of arrays of file numbers")]
    [InlineData("[[1.5]]", "is not an array of arrays of file numbers")]
    [InlineData("[]", "has 0 lists")]
    public async Task Wrong_lists_are_refused_and_the_list_is_named(string lists, params string[] errors)
    {
        string path = Path.Combine(_folder.Path, "lists.json");
        await File.WriteAllTextAsync(path, lists, TestContext.Current.CancellationToken);
        (int code, _, string told) = await Run($"simulate edge --files 10 --lists {path}");
        Assert.Equal(ExitCode.Failed, code);
        Assert.All(errors, error => Assert.Contains(error, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_that_cannot_be_read_are_the_file_s_fault()
    {
        (int code, _, string told) = await Run($"simulate edge --lists {Path.Combine(_folder.Path, "none.json")}");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("none.json cannot be read", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_as_json_has_what_programs_need()
    {
        (int code, string output, _) = await Run($"{Small} --json");
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(ExitCode.Done, code);
        double makespan = root.GetProperty("virtual_makespan_ms").GetDouble();
        double bound = root.GetProperty("lower_bound_ms").GetDouble();
        Assert.Equal(makespan / bound, root.GetProperty("ratio").GetDouble(), 9);
        Assert.InRange(root.GetProperty("distinct_bound_ms").GetDouble(), 1, bound);
        Assert.InRange(root.GetProperty("origin_kb").GetInt64(), root.GetProperty("distinct_kb").GetInt64(), 20_000);
        Assert.All(
            root.GetProperty("edges").EnumerateArray(),
            edge => Assert.InRange(edge.GetProperty("peak_kb").GetInt64(), 1, 600));
        JsonElement[] clients = [.. root.GetProperty("clients").EnumerateArray()];
        Assert.Equal(4, clients.Length);
        Assert.Equal(makespan, clients.Max(client => client.GetProperty("finish_ms").GetDouble()));
        int served = root.GetProperty("edges").EnumerateArray().Sum(
            edge => edge.GetProperty("hits").GetInt32() + edge.GetProperty("misses").GetInt32());
        Assert.Equal(160, served + clients.Sum(client => client.GetProperty("direct_files").GetInt32()));
    }

    [Fact]
    public async Task All_policies_stand_side_by_side_and_the_bound_below_them()
    {
        (int code, string output, _) = await Run($"{Small} --policy all");
        Assert.Equal(ExitCode.Done, code);
        GoldenFile.Check("simulate-edge.txt", output);
    }

    [Fact]
    public async Task A_trace_has_a_line_for_every_transfer_and_eviction()
    {
        string path = Path.Combine(_folder.Path, "trace.jsonl");
        string lists = Path.Combine(_folder.Path, "lists.json");
        await File.WriteAllTextAsync(lists, "[[60],[60]]", TestContext.Current.CancellationToken);
        (int code, string output, _) = await Run($"simulate edge --lists {lists} --trace {path} --search 0");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("2 clients, 2 requests for 1 of 10000 files", output, StringComparison.Ordinal);
        string title = output.Split('\n')[0].TrimEnd();
        Assert.StartsWith($"lists of {lists} | ", title, StringComparison.Ordinal);
        Assert.EndsWith(
            $" | shoal simulate edge --lists {lists} --trace {path} --search 0", title, StringComparison.Ordinal);
        string[] lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(4, lines.Length);
        Assert.Equal("""{"start":0,"end":30,"from":"origin","to":"edge1","file":60}""", lines[0]);
        Assert.Contains("""{"start":30,"end":50,"from":"edge1","to":"client1","file":60}""", lines);
        Assert.Contains("""{"start":30,"end":50,"from":"edge1","to":"client2","file":60}""", lines);
        Assert.Contains("""{"evict":50,"edge":1,"file":60}""", lines);
        string picture = Path.Combine(_folder.Path, "edge.svg");
        (code, _, _) = await Run($"simulate edge --lists {lists} --gantt {picture}");
        Assert.Equal(ExitCode.Done, code);
        string drawn = await File.ReadAllTextAsync(picture, TestContext.Current.CancellationToken);
        Assert.Contains("origin &gt; edge 1", drawn, StringComparison.Ordinal);
        (code, _, string error) = await Run($"simulate edge --lists {lists} --trace {_folder.Path}");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("--trace: ", error, StringComparison.Ordinal);
    }

    private static async Task<EdgeArguments> Bind(string line)
    {
        using var trial = new CommandTrial<EdgeArguments>(SimulateCommand.CreateEdge);
        int code = await trial.RunAsync(line["simulate ".Length..].Split(' '));
        Assert.True(code == ExitCode.Done, trial.Error);
        return trial.Told!;
    }

    private static async Task<(int Code, string Output, string Error)> Run(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var screen = new CommandScreen(output, error, false, false, false, 110);
        int code = await CommandFrame.RunAsync(CommandTree.Create(screen), line.Split(' '), screen);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
