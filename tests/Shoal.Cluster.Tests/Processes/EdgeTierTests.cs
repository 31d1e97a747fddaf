using System.Globalization;
using System.Text.Json;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>An edge tier of processes and sockets.</summary>
public sealed class EdgeTierTests
{
    private static readonly string[] s_shape =
        ["--files", "60", "--clients", "3", "--per-client", "25", "--random-seed", "3", "--search", "500"];

    [Fact]
    public async Task Processes_take_by_the_virtual_clock_what_the_simulation_takes()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        await RunAsync(swarm, "make", ["simulate", "edge", .. s_shape, "--make", swarm.Scratch["made"]]);
        ShoalProcess simulation = await RunAsync(
            swarm, "simulation", ["simulate", "edge", .. s_shape, "--capacity-kb", "300", "--json"]);
        using JsonDocument expected = JsonDocument.Parse(string.Join('\n', simulation.Output.All));

        ShoalProcess[] processes = StartAll(swarm, "--clock", "virtual", "--search", "500");
        foreach (ShoalProcess process in processes)
        {
            await process.ExpectAsync(0);
        }

        using JsonDocument live = JsonDocument.Parse(await File.ReadAllTextAsync(
            swarm.Scratch["origin.json"], TestContext.Current.CancellationToken));
        foreach (string name in new[] { "virtual_makespan_ms", "lower_bound_ms", "origin_kb", "distinct_kb" })
        {
            Assert.Equal(
                expected.RootElement.GetProperty(name).GetDouble(), live.RootElement.GetProperty(name).GetDouble());
        }

        Assert.Equal(CountsOf(expected), CountsOf(live));
        AssertAllSame(swarm);
        Assert.Contains(swarm.LogOf("client1"), line =>
            line.Contains(" ms] action: direct | result: success", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edge_that_is_killed_holds_up_nobody_and_comes_back_with_what_it_had()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        await RunAsync(swarm, "make", ["simulate", "edge", .. s_shape, "--make", swarm.Scratch["made"]]);
        ShoalProcess[] processes = StartAll(swarm, "--search", "0");
        ShoalProcess edge = processes[1];
        await edge.Output.WaitForAsync("action: fill | result: in_progress");
        await edge.KillAsync();
        ShoalProcess again = swarm.Start("edge1 again", EdgeArguments(swarm, "edge1"));
        foreach (ShoalProcess process in processes.Where(process => process != edge))
        {
            await process.ExpectAsync(0);
        }

        AssertAllSame(swarm);
        again.Send(ShoalProcess.Signal.Terminate);
    }

    [Fact]
    public async Task An_edge_whose_disk_is_full_goes_on_with_what_it_has()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        await RunAsync(swarm, "make", ["simulate", "edge", .. s_shape, "--make", swarm.Scratch["made"]]);
        using Mount disk = Mount.RamDisk(swarm.Scratch.Folder("edge1"), "size=32k");
        ShoalProcess[] processes = StartAll(swarm, "--search", "0");
        foreach (ShoalProcess process in processes)
        {
            await process.ExpectAsync(0);
        }

        AssertAllSame(swarm);
        Assert.True(processes[1].Output.Has("action: fill | result: fail", "No space left"));
    }

    [Fact]
    public async Task A_list_with_wrong_lines_says_which_and_a_missing_origin_is_waited_for_as_long_as_patience()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("bad.txt", "fine\n../not\n"u8.ToArray());
        ShoalProcess lonely = swarm.Start("lonely", FetchArguments(swarm, "lonely", "bad.txt", "--patience", "0"));
        await lonely.ExpectAsync(1);
        Assert.True(lonely.Output.Has("knows no origin", "Start 'shoal origin' first"));
        ShoalProcess origin = swarm.Start("origin", OriginArguments(swarm, swarm.Scratch.Folder("empty"), "--stay"));
        ShoalProcess bad = swarm.Start("bad", FetchArguments(swarm, "bad", "bad.txt"));
        await bad.ExpectAsync(1);
        Assert.True(bad.Output.Has("line 2 of"));
        origin.Send(ShoalProcess.Signal.Terminate);
        await origin.ExpectAsync(0);
    }

    private static ShoalProcess[] StartAll(ProcessSwarm swarm, params string[] origin)
    {
        return
        [
            swarm.Start("origin", OriginArguments(
                swarm, swarm.Scratch["made/catalogue"], ["--expect-edges", "2", "--expect-clients", "3", .. origin])),
            swarm.Start("edge1", EdgeArguments(swarm, "edge1")),
            swarm.Start("edge2", EdgeArguments(swarm, "edge2")),
            .. Enumerable.Range(1, 3).Select(client => swarm.Start(
                $"client{client}", FetchArguments(swarm, $"client{client}", $"made/client{client}.txt"))),
        ];
    }

    private static string[] OriginArguments(ProcessSwarm swarm, string folder, params string[] more) =>
    [
        "origin", "--dir", folder, "--hub", swarm.Address, "--name", "origin",
        "--report", swarm.Scratch["origin.json"], .. more,
    ];

    private static string[] EdgeArguments(ProcessSwarm swarm, string name) =>
    [
        "edge", "--hub", swarm.Address, "--capacity", "37500", "--dir", swarm.Scratch[name], "--name", name,
    ];

    private static string[] FetchArguments(ProcessSwarm swarm, string name, string list, params string[] more) =>
    [
        "fetch", "--hub", swarm.Address, "--list", swarm.Scratch[list], "--dir", swarm.Scratch[name], "--name", name,
        "--log", swarm.Scratch[$"{name}.log"], .. more,
    ];

    private static async Task<ShoalProcess> RunAsync(ProcessSwarm swarm, string owner, string[] arguments)
    {
        ShoalProcess process = swarm.Start(owner, arguments);
        await process.ExpectAsync(0);
        return process;
    }

    private static string CountsOf(JsonDocument document) => string.Join(' ', document.RootElement
        .GetProperty("edges").EnumerateArray().Select(edge => string.Create(
            CultureInfo.InvariantCulture,
            $"{edge.GetProperty("name").GetString()}:{edge.GetProperty("hits").GetInt32()}/"
            + $"{edge.GetProperty("misses").GetInt32()}")));

    private static void AssertAllSame(ProcessSwarm swarm)
    {
        for (int client = 1; client <= 3; client++)
        {
            string[] names = File.ReadAllLines(swarm.Scratch[$"made/client{client}.txt"]);
            Assert.Equal(25, names.Length);
            Assert.All(names, name => Assert.Equal(
                File.ReadAllBytes(swarm.Scratch[$"made/catalogue/{name}"]),
                File.ReadAllBytes(swarm.Scratch[$"client{client}/{name}"])));
        }
    }
}
