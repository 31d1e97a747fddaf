using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Processes that are killed, stopped and stalled while they exchange.</summary>
public sealed class CrashTests
{
    private const int ChunkSize = 128 * 1024;

    [Fact]
    public async Task A_killed_peer_goes_on_where_it_was()
    {
        const int length = 12_000_000;
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/film.mkv", 1, length);
        ShoalProcess anna = swarm.Join("anna", "--expect", "2", "--up-limit", "16Mbit");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2");
        for (int kills = 0; kills < 3; kills++)
        {
            // Each time when somewhat more has come.
            long before = swarm.TryBytesStoredBy("bert");
            await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > before + 1_000_000, "another megabyte came");
            await bert.KillAsync();
            Assert.Empty(swarm.Scratch.Look("bert"));
            bert = swarm.Join("bert", "--expect", "2");
        }

        await bert.ExpectAsync(0);
        await anna.ExpectAsync(0);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));

        // What was logged as stored never came again; what was in a killed process's hands may have.
        long stored = swarm.BytesStoredBy("bert");
        Assert.InRange(stored, length - (3 * 16 * ChunkSize), length);
        long lastRun = swarm.ReportOf("bert").GetProperty("files")[0].GetProperty("from")[0]
            .GetProperty("bytes").GetInt64();
        Assert.InRange(lastRun, 1, length - 3_000_000);
        Assert.Equal(lastRun, swarm.ReceivedBy("bert"));
    }

    [Fact]
    public async Task Kills_at_any_moment_leave_nothing_wrong_under_a_final_name()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        for (int i = 0; i < 200; i++)
        {
            swarm.Scratch.Write($"anna/{i % 7}/{i}.bin", (ulong)i, 1 + (i * 997));
        }

        swarm.Scratch.Write("anna/large.bin", 1000, 3_000_000);
        string[] expected = swarm.Scratch.Look("anna");

        // Anna stays: else she might leave at the very moment when bert has everything and is killed.
        ShoalProcess anna = swarm.Join("anna", "--expect", "2", "--up-limit", "40Mbit", "--stay");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2");
        var random = new Random(4711);
        int kills = 0;
        while (kills < 8)
        {
            int lines = bert.Output.All.Count + random.Next(60);
            await Limits.UntilAsync(() => bert.HasEnded || bert.Output.All.Count > lines, "bert got further");
            if (bert.HasEnded)
            {
                break;
            }

            await bert.KillAsync();
            kills++;
            Assert.Empty(swarm.Scratch.Look("bert").Except(expected));
            bert = swarm.Join("bert", "--expect", "2");
        }

        Assert.True(kills > 2, $"only {kills} kills");
        await bert.ExpectAsync(0);
        anna.Send(ShoalProcess.Signal.Terminate);
        await anna.ExpectAsync(0);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task A_stopped_process_delays_nobody_whose_chunks_exist_elsewhere()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/film.mkv", 1, 6_000_000);
        swarm.Scratch.Write("zoe/film.mkv", 1, 6_000_000);
        ShoalProcess anna = swarm.Join("anna", "--expect", "3", "--up-limit", "16Mbit", "--patience", "2");
        ShoalProcess zoe = swarm.Join("zoe", "--expect", "3", "--up-limit", "16Mbit");
        ShoalProcess bert = swarm.Join("bert", "--expect", "3", "--patience", "2");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 500_000, "it goes on");
        zoe.Send(ShoalProcess.Signal.Stop);
        await bert.Output.WaitForAsync("action: file", "name: film.mkv");

        // What was asked of it was taken from it, and came from anna.
        await Limits.UntilAsync(
            () => swarm.LogOf("bert").Any(line => line.Contains("action: steal", StringComparison.Ordinal)
                && line.Contains("from: zoe", StringComparison.Ordinal)),
            "chunks are stolen from it");

        // Zoe had everything: nobody waits for it.
        await bert.ExpectAsync(0);
        await anna.ExpectAsync(0);
    }

    [Fact]
    public async Task When_the_only_holder_is_killed_the_others_say_what_is_missing_and_fail_and_go_on_when_it_is_back()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("zoe/film.mkv", 1, 4_000_000);
        swarm.Scratch.Write("anna/notes.txt", 2, 100_000);
        ShoalProcess zoe = swarm.Join("zoe", "--expect", "3", "--up-limit", "8Mbit");
        ShoalProcess[] others = Join();
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("anna") > 200_000, "it goes on");
        await zoe.KillAsync();

        foreach ((int i, ShoalProcess other) in others.Index())
        {
            await other.ExpectAsync(1);
            await other.Output.WaitForAsync("film.mkv", "zoe");
            var report = swarm.ReportOf(i == 0 ? "anna" : "bert");
            Assert.Equal("incomplete", report.GetProperty("result").GetString());
            var missing = Assert.Single(report.GetProperty("missing").EnumerateArray());
            Assert.Equal("film.mkv", missing.GetProperty("name").GetString());
            Assert.Equal("zoe", Assert.Single(missing.GetProperty("holders").EnumerateArray()).GetString());
        }

        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        Assert.Single(swarm.Scratch.Look("bert"));

        others = Join();
        zoe = swarm.Join("zoe", "--expect", "3");
        foreach (ShoalProcess peer in others.Append(zoe))
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look("zoe");
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected, swarm.Scratch.Look("anna"));
        Assert.Equal(expected, swarm.Scratch.Look("bert"));

        ShoalProcess[] Join() =>
        [
            swarm.Join("anna", "--expect", "3", "--patience", "2"),
                swarm.Join("bert", "--expect", "3", "--patience", "2"),
        ];
    }

    [Fact]
    public async Task A_killed_hub_stops_nobody_and_the_swarm_ends_as_usual_when_it_is_back()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/{name}.bin", (ulong)i, 2_000_000);
        }

        ShoalProcess[] peers = [.. names.Select(name => swarm.Join(name, "--expect", "3", "--up-limit", "4Mbit"))];
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("anna") > 200_000, "it goes on");
        await swarm.Hub.KillAsync();
        foreach (ShoalProcess peer in peers)
        {
            await Limits.UntilAsync(() => peer.Output.Count("action: file |") == 2, "everything comes without a hub");
            Assert.False(peer.HasEnded);
        }

        await swarm.StartHubAsync();
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        await swarm.Hub.Output.WaitForAsync("action: finish | result: success", "bytes: 6000000", "peers: 3");
        string[] expected = swarm.Scratch.Look("anna");
        Assert.Equal(3, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
        Assert.All(names, name => Assert.Equal(4_000_000, swarm.BytesStoredBy(name)));
    }
}
