using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Lottery;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>
/// SIGTERM and SIGINT: an end with the right exit code, that can be resumed, and before the five seconds are over after
/// which a program ends by force and says so.
/// </summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task A_peer_in_the_middle_of_an_exchange(int signal)
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 8_000_000);
        ShoalProcess anna = swarm.Join("anna", "--expect", "2", "--up-limit", "16Mbit", "--stay");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");
        await StopAsync(bert, (ShoalProcess.Signal)signal, exitCode: 1);
        Assert.True(bert.Output.Has("Run the same command again"), bert.Output.ToString());
        Assert.Equal("stopped", swarm.ReportOf("bert").GetProperty("result").GetString());
        Assert.Empty(swarm.Scratch.Look("bert"));
        await anna.Output.WaitForAsync("action: member_gone", "name: bert", "how: left");

        // What was verified before does not come again.
        string[] before = swarm.ChunksStoredBy("bert");
        await swarm.Join("bert", "--expect", "2").ExpectAsync(0);
        string[] all = swarm.ChunksStoredBy("bert");
        Assert.Empty(all[before.Length..].Intersect(before));
        Assert.Equal(8_000_000, swarm.BytesStoredBy("bert"));
        await StopAsync(anna, (ShoalProcess.Signal)signal, exitCode: 0);
        await StopAsync(swarm.Hub, (ShoalProcess.Signal)signal, exitCode: 0);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task An_owner_in_the_middle_of_an_exchange()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 8_000_000);
        ShoalProcess anna = swarm.Join("anna", "--expect", "2", "--up-limit", "16Mbit");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2", "--patience", "1");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");

        // Others still need what only it has: its work is not done.
        await StopAsync(anna, ShoalProcess.Signal.Terminate, exitCode: 1);
        await bert.ExpectAsync(1);
    }

    [Fact]
    public async Task A_peer_that_waits_for_others()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        ShoalProcess anna = swarm.Join("anna", "--expect", "2");
        await anna.Output.WaitForAsync("action: join | result: success");
        await StopAsync(anna, ShoalProcess.Signal.Terminate, exitCode: 1);
        await swarm.Hub.Output.WaitForAsync("action: leave", "name: anna", "how: left");
    }

    [Fact]
    public async Task A_peer_that_finds_no_hub()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        await swarm.Hub.KillAsync();
        ShoalProcess anna = swarm.Join("anna");
        await anna.Output.WaitForAsync("action: hub_connect | result: fail", "refused");
        await StopAsync(anna, ShoalProcess.Signal.Interrupt, exitCode: 1);
    }

    [Fact]
    public async Task A_peer_that_reads_a_large_folder()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using (FileStream large = File.Create(Path.Join(swarm.Scratch.Folder("anna"), "large.bin")))
        {
            large.SetLength(64L << 30);
        }

        ShoalProcess anna = swarm.Join("anna");
        await Limits.UntilAsync(() => File.Exists(swarm.Scratch["anna/.shoal/peer-id"]), "it has begun");
        await StopAsync(anna, ShoalProcess.Signal.Interrupt, exitCode: 1);
    }

    [Fact]
    public async Task A_hub_with_members()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        ShoalProcess anna = swarm.Join("anna");
        await anna.Output.WaitForAsync("action: join | result: success");
        await StopAsync(swarm.Hub, ShoalProcess.Signal.Terminate, exitCode: 0);
        await anna.Output.WaitForAsync("action: hub_disconnect | result: fail");
        Assert.False(anna.HasEnded);
        await StopAsync(anna, ShoalProcess.Signal.Terminate, exitCode: 1);
    }

    [Fact]
    public async Task A_lottery_with_agencies_that_wait_and_one_in_the_middle_of_a_message()
    {
        using var scratch = new Scratch();
        await using ShoalProcess token = ShoalProcess.Start(
            "token", "lottery", "token", "2", "--data", scratch["data"]);
        await token.ExpectAsync(0);
        string bearer = token.Output.All.Single(line => line.StartsWith("2.", StringComparison.Ordinal));
        await using ShoalProcess lottery = ShoalProcess.Start(
            "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data",
            scratch["data"]);
        using TextAgency silent = await TextAgency.DialAsync(await ProcessSwarm.PortOfAsync(lottery, "lottery_listen"));
        using TextAgency half = await TextAgency.DialAsync(await ProcessSwarm.PortOfAsync(lottery, "lottery_listen"));
        using TextAgency asks = await TextAgency.DialAsync(await ProcessSwarm.PortOfAsync(lottery, "http_listen"));
        Assert.Equal("W;", await silent.AskAsync("Q{AgencyID:1};"));
        await half.SayAsync("B{PlayerName:Ana,");
        await asks.SayAsync(
            "GET /draws/default/agencies/2/winners?wait=60 HTTP/1.1\r\nHost: a\r\n"
            + $"Authorization: Bearer {bearer}\r\n\r\n");
        await lottery.Output.WaitForAsync("action: results_query_received", "agency: 2");
        await StopAsync(lottery, ShoalProcess.Signal.Terminate, exitCode: 0);
        Assert.True(lottery.Output.Has("action: exiting_due_to_signal | result: in_progress"));
        Assert.True(lottery.Output.Has("action: socket_closing | result: success"));
        Assert.Equal("", await silent.HearAsync());
        Assert.Equal("", await half.HearAsync());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task An_agency_that_waits_for_the_others(int signal)
    {
        using var scratch = new Scratch();
        await using ShoalProcess lottery = ShoalProcess.Start(
            "lottery", "lottery", "serve", "--listen", "127.0.0.1:0", "--agencies", "2", "--data", scratch["data"]);
        string hub = ProcessSwarm.FieldOf(await lottery.Output.WaitForAsync("action: lottery_listen"), "address");
        scratch.Write("bets.csv", "Ana,Paz,1,1990-02-28,42\n"u8.ToArray());
        await using ShoalProcess agency = ShoalProcess.Start(
            "agency", "lottery", "agency", "--id", "1", "--bets", scratch["bets.csv"], "--hub", hub);
        await agency.Output.WaitForAsync("action: results_phase_started");
        await StopAsync(agency, (ShoalProcess.Signal)signal, exitCode: 1);
        Assert.True(agency.Output.Has("run the same command again: it goes on from there."), agency.Output.ToString());
        await StopAsync(lottery, ShoalProcess.Signal.Terminate, exitCode: 0);
    }

    private static async Task StopAsync(ShoalProcess process, ShoalProcess.Signal signal, int exitCode)
    {
        process.Send(signal);
        int code = await process.EndAsync();
        Assert.True(code == exitCode, $"It exited with {code}, not {exitCode}:\n{process.Output}");
        Assert.False(process.Output.Has("by force"), process.Output.ToString());
    }
}
