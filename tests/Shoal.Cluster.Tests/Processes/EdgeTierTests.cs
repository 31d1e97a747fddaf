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
            swarm, "simulation",
            ["simulate", "edge", .. s_shape, "--capacity-kb", "300", "--json", "--trace", swarm.Scratch["trace"]]);
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
        TierClock clock = await TierClock.ReadAsync(
            swarm.Scratch["trace"], swarm.Scratch["made/catalogue"], processes[0].Output);
        string[] members = ["origin", "edge1", "edge2", "client1", "client2", "client3"];
        foreach ((string member, ShoalProcess process) in members.Zip(processes))
        {
            clock.Check(member, process.Output.All);
        }
    }

    [Fact]
    public async Task A_client_that_is_early_waits_for_the_origin_and_then_hears_which_names_it_does_not_have()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("films/film", 7, 50_000);
        swarm.Scratch.Write("films.txt", "film\nno such film\n"u8.ToArray());
        ShoalProcess client = swarm.Start("client", FetchArguments(swarm, "client", "films.txt"));
        await Limits.UntilAsync(
            () => File.Exists(swarm.Scratch["client.log"]) && swarm.LogOf("client").Any(line => line.Contains(
                "action: search | result: in_progress", StringComparison.Ordinal)),
            "the client has looked for the origin");
        ShoalProcess origin = swarm.Start("origin", OriginArguments(swarm, swarm.Scratch["films"]));
        await client.ExpectAsync(1);
        Assert.True(client.Output.Has("the origin does not have no such film"));
        Assert.False(client.Output.Has("the origin does not have film"));
        Assert.Equal(
            await File.ReadAllBytesAsync(swarm.Scratch["films/film"], TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(swarm.Scratch["client/film"], TestContext.Current.CancellationToken));
        await origin.ExpectAsync(0);
    }

    [Fact]
    public async Task A_client_wants_more_when_it_has_what_it_wanted_and_may_stop_while_its_list_is_open()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("films/early", 7, 50_000);
        swarm.Scratch.Write("films/late", 8, 50_000);
        ShoalProcess[] others =
        [
            swarm.Start("origin", OriginArguments(
                swarm, swarm.Scratch["films"], "--expect-edges", "1", "--expect-clients", "1")),
            swarm.Start("edge", EdgeArguments(swarm, "edge", "1MB")),
        ];
        ShoalProcess client = await StartEarlyAsync(swarm, "client");
        ShoalProcess stopped = await StartEarlyAsync(swarm, "stopped");
        stopped.Send(ShoalProcess.Signal.Terminate);
        await stopped.ExpectAsync(1);
        Assert.True(stopped.Output.Has("not all of the list was read"));
        Assert.DoesNotContain(others, other => other.HasEnded);
        client.Say("late");
        client.SayNoMore();
        foreach (ShoalProcess process in others.Append(client))
        {
            await process.ExpectAsync(0);
        }

        Assert.Equal(swarm.Scratch.Look("films"), swarm.Scratch.Look("client"));
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
    public async Task Clients_read_a_file_from_an_edge_that_still_receives_it()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using var listen = new HeldPort();
        await using var path = new Forwarder(listen.Address) { Narrow = 600_000 };
        ShoalProcess[] processes = await StartFilmAsync(swarm, listen, path);
        path.Widen();
        foreach (ShoalProcess process in processes)
        {
            await process.ExpectAsync(0);
        }

        AssertFilm(swarm);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(
            swarm.Scratch["origin.json"], TestContext.Current.CancellationToken));
        Assert.Equal(32_000, report.RootElement.GetProperty("origin_kb").GetInt64());
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_on_its_way_comes_as_it_is_then()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using var listen = new HeldPort();
        await using var path = new Forwarder(listen.Address) { Narrow = 600_000 };
        ShoalProcess[] processes = await StartFilmAsync(swarm, listen, path);
        swarm.Scratch.Write("films/film", 8, 3_000_000);
        path.Widen();
        foreach (ShoalProcess process in processes)
        {
            await process.ExpectAsync(0);
        }

        AssertFilm(swarm);
        Assert.True(processes[0].Output.Has("action: content_change | result: success | name: film"));
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

    [Fact]
    public async Task An_origin_whose_folder_is_not_there_serves_no_empty_catalogue()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string missing = swarm.Scratch["typo"];
        ShoalProcess origin = swarm.Start("origin", OriginArguments(swarm, missing, "--stay"));
        await origin.ExpectAsync(1);
        Assert.True(origin.Output.Has("--dir: there is no folder", missing), origin.Output.ToString());
        Assert.False(Directory.Exists(missing));
    }

    /// <summary>A client that has what its list has so far.</summary>
    private static async Task<ShoalProcess> StartEarlyAsync(ProcessSwarm swarm, string name)
    {
        ShoalProcess client = swarm.StartOpen(
            name, "fetch", "--hub", swarm.Address, "--list", "-", "--dir", swarm.Scratch[name], "--name", name);
        client.Say("early");
        await client.Output.WaitForAsync("action: file | result: success | name: early");
        return client;
    }

    // Origin, edge and two clients; on their narrow path to the origin all of the film has no room, so that the chunk
    // which a client has got from the edge came there before the last one.
    private static async Task<ShoalProcess[]> StartFilmAsync(ProcessSwarm swarm, HeldPort listen, Forwarder path)
    {
        swarm.Scratch.Write("films/film", 7, 4_000_000);
        swarm.Scratch.Write("film.txt", "film\n"u8.ToArray());
        ShoalProcess[] processes =
        [
            swarm.Start("origin", OriginArguments(
                swarm, swarm.Scratch["films"], "--listen", listen.Address, "--advertise", path.Address,
                "--expect-edges", "1", "--expect-clients", "2")),
            swarm.Start("edge", EdgeArguments(swarm, "edge", "5MB")),
            swarm.Start("client1", FetchArguments(swarm, "client1", "film.txt")),
            swarm.Start("client2", FetchArguments(swarm, "client2", "film.txt")),
        ];
        string edge = ProcessSwarm.FieldOf(
            await processes[0].Output.WaitForAsync("action: attend | result: success | role: edge"), "peer");
        await Limits.UntilAsync(
            () => HasChunkFrom(swarm, "client1", edge) || processes[2].HasEnded, "a client has a chunk from the edge");
        Assert.False(processes[2].HasEnded, $"It has ended:\n{processes[2].Output}");

        return processes;
    }

    private static bool HasChunkFrom(ProcessSwarm swarm, string client, string edge) =>
        File.Exists(swarm.Scratch[$"{client}.log"])
        && swarm.LogOf(client).Any(line => line.Contains("action: chunk_store", StringComparison.Ordinal)
            && line.Contains($"from: {edge}", StringComparison.Ordinal));

    private static void AssertFilm(ProcessSwarm swarm)
    {
        byte[] film = File.ReadAllBytes(swarm.Scratch["films/film"]);
        Assert.Equal(film, File.ReadAllBytes(swarm.Scratch["client1/film"]));
        Assert.Equal(film, File.ReadAllBytes(swarm.Scratch["client2/film"]));
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

    private static string[] EdgeArguments(ProcessSwarm swarm, string name, string capacity = "37500") =>
    [
        "edge", "--hub", swarm.Address, "--capacity", capacity, "--dir", swarm.Scratch[name], "--name", name,
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
