using System.Text.Json;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>An origin and an edge as processes, and what happens to those who fetch over HTTP meanwhile.</summary>
public sealed class EdgeHttpTests
{
    private const int Length = 64_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_edge_that_is_killed_in_mid_fill_goes_on_with_it()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("origin/large", 3, Length);
        ShoalProcess origin = StartOrigin(swarm);
        ShoalProcess edge = StartEdge(swarm, "edge");
        using (HttpClient client = await ClientOfAsync(edge))
        {
            using HttpResponseMessage response =
                await client.GetAsync("/large", HttpCompletionOption.ResponseHeadersRead, Stop);
            await using Stream body = await response.Content.ReadAsStreamAsync(Stop);
            await body.ReadExactlyAsync(new byte[1_000_000], Stop);
            origin.Send(ShoalProcess.Signal.Stop);
            await edge.KillAsync();
            origin.Send(ShoalProcess.Signal.Continue);
            await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Stop));
        }

        ShoalProcess again = StartEdge(swarm, "again");
        using (HttpClient client = await ClientOfAsync(again))
        {
            await again.Output.WaitForAsync("action: hold | result: success | contents: 1");
            Assert.Equal(
                await File.ReadAllBytesAsync(swarm.Scratch["origin/large"], Stop),
                await client.GetByteArrayAsync("/large", Stop));
        }

        again.Send(ShoalProcess.Signal.Terminate);
        await again.ExpectAsync(0);
        Assert.InRange(NumberOf(swarm, "again.json", "filled_bytes"), 0, Length - 1_000_000);
    }

    [Fact]
    public async Task A_client_names_more_while_it_fetches()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("origin/first", 1, 50_000);
        swarm.Scratch.Write("origin/second", 2, 60_000);
        string pipe = swarm.Scratch["names"];
        await ShoalProcess.StartOther("mkfifo", "mkfifo", pipe).ExpectAsync(0);
        ShoalProcess origin = swarm.Start("origin", ["origin", .. Common(swarm, "origin")]);
        ShoalProcess fetch = swarm.Start("fetch", ["fetch", .. Common(swarm, "client"), "--list", pipe]);
        await using (var names = new StreamWriter(pipe))
        {
            await names.WriteLineAsync("first");
            await names.FlushAsync(Stop);
            await fetch.Output.WaitForAsync("action: file | result: success | name: first");
            await names.WriteLineAsync("second");
        }

        await fetch.ExpectAsync(0);
        await origin.ExpectAsync(0);
        Assert.Equal(
            await File.ReadAllBytesAsync(swarm.Scratch["origin/second"], Stop),
            await File.ReadAllBytesAsync(swarm.Scratch["client/second"], Stop));
    }

    [Theory]
    [InlineData("curl", "--silent --show-error --fail --output {0} {1}")]
    [InlineData("wget", "--quiet --output-document={0} {1}")]
    [InlineData("aria2c", "--quiet --no-conf --split=4 --max-connection-per-server=4 --min-split-size=1M "
        + "--dir=/ --out={0} {1}")]
    public async Task Programs_that_speak_HTTP_fetch_through_an_edge_and_go_on_where_they_stopped(
        string program, string arguments)
    {
        Assert.SkipUnless(IsInstalled(program), $"{program} is not installed");
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("origin/año nuevo/vídeo 1.mp4", 4, 5_000_000);
        StartOrigin(swarm);
        using HttpClient edge = await ClientOfAsync(StartEdge(swarm, "edge"));
        var address = new Uri(edge.BaseAddress!, "/a%C3%B1o%20nuevo/v%C3%ADdeo%201.mp4");
        byte[] expected = await File.ReadAllBytesAsync(swarm.Scratch["origin/año nuevo/vídeo 1.mp4"], Stop);
        await FetchAsync(swarm.Scratch["whole"]);
        swarm.Scratch.Write("part", expected[..1_234_567]);
        await FetchAsync(swarm.Scratch["part"], program == "curl" ? "--continue-at - " : "--continue ");

        async Task FetchAsync(string target, string goOn = "")
        {
            await ShoalProcess.StartOther(
                program, program,
                (goOn + string.Format(null, arguments, target, address.AbsoluteUri)).Split(' ')).ExpectAsync(0);
            Assert.Equal(expected, await File.ReadAllBytesAsync(target, Stop));
        }
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Join(folder, program)));

    private static ShoalProcess StartOrigin(ProcessSwarm swarm) => swarm.Start(
        "origin", ["origin", .. Common(swarm, "origin"), "--stay"]);

    private static ShoalProcess StartEdge(ProcessSwarm swarm, string report) => swarm.Start("edge",
    [
        "edge", .. Common(swarm, "edge"), "--capacity", "100MB", "--http", "127.0.0.1:0", "--stay",
        "--report", swarm.Scratch[$"{report}.json"],
    ]);

    private static string[] Common(ProcessSwarm swarm, string name) =>
        ["--hub", swarm.Address, "--dir", swarm.Scratch[name], "--name", name];

    private static async Task<HttpClient> ClientOfAsync(ShoalProcess edge)
    {
        string line = await edge.Output.WaitForAsync("action: http_listen");
        await edge.Output.WaitForAsync("action: origin_connect | result: success");
        return new HttpClient { BaseAddress = new Uri($"http://{line[(line.LastIndexOf(' ') + 1)..]}") };
    }

    private static long NumberOf(ProcessSwarm swarm, string report, string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(swarm.Scratch[report]));
        return document.RootElement.GetProperty(name).GetInt64();
    }
}
