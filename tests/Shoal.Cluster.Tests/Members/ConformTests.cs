using System.Text.Json;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Conform;
using Shoal.Hosts.Members;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Members;

/// <summary>The cases of the protocol, against our directory and against others.</summary>
public sealed class ConformTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DirectoryStyle.AsciiNul)]
    [InlineData(DirectoryStyle.Raw)]
    [InlineData(DirectoryStyle.AsciiBare)]
    public async Task Our_directory_departs_nowhere(DirectoryStyle style)
    {
        MembersOptions Adjust(MembersOptions o) =>
            o with { Style = style, SilenceLimit = TimeSpan.FromSeconds(2) };
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(Adjust);
        int restarts = 0;
        ConformReport report = await CheckAsync(directory.Network, MemoryDirectory.Address, async _ =>
        {
            restarts++;
            await directory.StopAsync();
            await directory.StartAsync(Adjust);
            return null;
        });
        Assert.Equal((10, 0), (restarts, report.LeftOut));
        Assert.Equal(style, report.Style);
        Assert.Equal([], report.Results.Select(result => result.Departure).OfType<string>());
        Assert.InRange(report.Results.Count, 135, 1000);
        Assert.Equal(report.Results.Count, report.Results.DistinctBy(result => result.Name).Count());

        // It took its users away again.
        Assert.Empty((await directory.Store.LoadAsync(Stop)).Users);
    }

    [Fact]
    public async Task A_directory_that_departs_is_told_where()
    {
        // It cannot be started again, registers everybody, has nobody connected, and says so in one style.
        await using var other = await OtherDirectory.BeginAsync(
            word => word is "REGISTER" ? "0\0" : word is "DISCONNECT" or "UNREGISTER" ? "1\0" : "2\0");
        var begun = new List<ConformProgress>();
        ConformReport report = await CheckAsync(other.Network, OtherDirectory.Address, begun: begun.Add);
        Assert.Equal((DirectoryStyle.AsciiNul, 10), (report.Style, report.LeftOut));
        string Departure(string name) => report.Results.Single(result => result.Name == name).Departure ?? "none";
        Assert.Equal(Enumerable.Range(0, report.Results.Count), begun.Select(progress => progress.Done));
        Assert.Equal(report.Results.Select(result => result.Name), begun.Select(progress => progress.Case));
        Assert.All(begun, progress => Assert.Equal(report.Results.Count, progress.Total));
        Assert.Equal("none", Departure("register"));
        Assert.Equal(@"expected '1\0', but got '0\0'", Departure("register twice"));
        Assert.StartsWith("the step a^ before it failed: '2\\0'", Departure("publish"), StringComparison.Ordinal);
        Assert.Equal(@"expected to be closed without a reply, but got '2\0'", Departure("an unknown word"));
        Assert.InRange(report.Kept, 1, report.Results.Count - 50);
    }

    [Fact]
    public async Task What_is_no_directory_has_no_style()
    {
        await using var other = await OtherDirectory.BeginAsync(_ => "HTTP/1.1 400 Bad Request\r\n\r\n");
        ConformReport report = await CheckAsync(other.Network, OtherDirectory.Address);
        Assert.Null(report.Style);
        Assert.Contains("HTTP/1.1 400", report.Failure, StringComparison.Ordinal);
        report = await CheckAsync(other.Network, new EndpointText("nowhere", 1));
        Assert.Null(report.Style);
        Assert.NotNull(report.Failure);
    }

    [Fact]
    public async Task The_program_checks_a_hub()
    {
        await using ProcessDirectory directory = await ProcessDirectory.BeginAsync("--directory-style", "raw");
        await using ShoalProcess check = ShoalProcess.Start(
            "check", "conform", "-s", "127.0.0.1", "-p",
            directory.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await check.ExpectAsync(0);
        Assert.True(check.Output.Has("answers in style raw: ", "no departure"), check.Output.ToString());
        await using ShoalProcess json = ShoalProcess.Start(
            "json", "conform", "--hub", directory.Address.ToString(), "--json");
        await json.ExpectAsync(0);
        using JsonDocument document = JsonDocument.Parse(string.Concat(json.Output.All));
        Assert.Equal("raw", document.RootElement.GetProperty("style").GetString());
        Assert.Equal(
            document.RootElement.GetProperty("kept").GetInt32(),
            document.RootElement.GetProperty("cases").GetArrayLength());
    }

    [Fact]
    public async Task The_program_starts_a_hub_again_by_a_command_and_runs_every_case()
    {
        using var scratch = new Scratch();
        await using RestartedHub hub = await RestartedHub.BeginAsync(scratch, "restart.sh");
        await using ShoalProcess check = ShoalProcess.Start(
            "check", "conform", "--hub", hub.Address, "--restart", $"/bin/sh '{scratch["restart.sh"]}'");
        int code = await check.EndAsync(RestartedHub.Patience);
        Assert.True(code == 0, check.Output.ToString());
        string[] log = await File.ReadAllLinesAsync(scratch["log"], Stop);
        Assert.Equal(11, log.Count(line => line.Contains("action: directory_listen", StringComparison.Ordinal)));
        Assert.True(check.Output.Has("answers in style ascii-nul: ", "no departure"), check.Output.ToString());
        Assert.False(check.Output.Has("left out"), check.Output.ToString());
    }

    [Fact]
    public async Task A_directory_that_does_not_come_back_departs()
    {
        await using MemoryDirectory directory = await MemoryDirectory.BeginAsync(
            o => o with { SilenceLimit = TimeSpan.FromSeconds(2) });
        ConformReport report = await CheckAsync(
            directory.Network, MemoryDirectory.Address, _ => Task.FromResult<string?>("nobody dares"));
        string[] departures = [.. report.Results.Select(result => result.Departure).OfType<string>()];
        Assert.Equal(10, departures.Length);
        Assert.All(departures, one => Assert.Equal("it could not be started again: nobody dares", one));
    }

    private static Task<ConformReport> CheckAsync(
        ITransport network, EndpointText directory, Func<CancellationToken, Task<string?>>? restart = null,
        Action<ConformProgress>? begun = null) =>
        new ConformCheck(
        new ConformOptions
        {
            Directory = directory,
            Restart = restart,
            Begun = begun,
            ReplyLimit = Limits.Wait,
            QuietLimit = TimeSpan.FromSeconds(1),
        },
        network, TimeProvider.System).RunAsync(Stop);
}
