using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Relay;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>The star under the system clock, with real processes and sockets.</summary>
public sealed class ClockTests
{
    private const string Costs = "6:0.6,7:0.7,8:0.8,9:0.9";
    private const int ChunkSize = 128 * 1024;
    private static readonly string[] s_names = ["anna", "bert", "cleo", "dora"];

    [Theory]
    [InlineData("strict", StarMode.Strict)]
    [InlineData("fan-out", StarMode.FanOut)]
    public async Task Four_processes_take_what_the_simulator_says(string mode, StarMode simulated)
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync(
            "--clock", "virtual", "--costs", Costs, "--mode", mode);
        ShoalProcess[] peers = await JoinAsync(swarm, 25);
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        var delivered = new List<Occupation>();
        StarRun run = ClockSwarm.Simulate(ClockSwarm.Costs(Costs), simulated, Watch, 25, 25, 25, 25);
        string[] expected = swarm.Scratch.Look(s_names[0]);
        Assert.Equal(4, expected.Length);
        foreach ((int i, string name) in s_names.Index())
        {
            JsonElement report = swarm.ReportOf(name);
            Assert.Equal(run.Makespan.Milliseconds, report.GetProperty("virtual_makespan_ms").GetDouble());
            Assert.Equal(run.Bound.Milliseconds, report.GetProperty("virtual_lower_bound_ms").GetDouble());
            Assert.Equal(
                s_names.Index().Where(owner => owner.Index != i)
                    .Select(owner => ($"of {owner.Item}.bin", run.Peers[i].Files[owner.Index].Milliseconds)),
                report.GetProperty("files").EnumerateArray().Select(file => (
                    file.GetProperty("name").GetString()!, file.GetProperty("virtual_ms").GetDouble())).Order());
            Assert.Equal(expected, swarm.Scratch.Look(name));
            Assert.Equal(75, swarm.LogOf(name).Count(line =>
                line.Contains(" ms] action: deliver | result: success", StringComparison.Ordinal)));
            foreach ((int owner, string nameOfOwner) in s_names.Index())
            {
                string file = $"of {nameOfOwner}.bin";
                AssertOrder(swarm.LogOf(name), file, delivered.Where(delivery =>
                    delivery.Link == i && delivery.Chunk / 25 == owner).Select(delivery => delivery.Chunk % 25));
                string md5 = Md5Of(swarm.Scratch[$"{nameOfOwner}/{file}"]);
                await peers[i].Output.WaitForAsync($"{md5}  {file}");
                await peers[i].Output.WaitForAsync("action: md5 | result: success", $"name: \"{file}\" | md5: {md5}");
            }
        }

        string clock = await swarm.Hub.Output.WaitForAsync(" ms] action: clock | result: success");
        Assert.Equal(InMilliseconds(run.Makespan), ProcessSwarm.FieldOf(clock, "virtual_makespan_ms"));
        Assert.Equal(InMilliseconds(run.MeanChunk), ProcessSwarm.FieldOf(clock, "mean_chunk_ms"));
        await swarm.Hub.Output.WaitForAsync("action: swarm_end | result: success");

        void Watch(Occupation occupation)
        {
            if (occupation.Kind == OccupationKind.Deliver)
            {
                delivered.Add(occupation);
            }
        }
    }

    [Fact]
    public async Task A_peer_that_is_killed_with_requests_out_comes_back_and_all_end_with_all()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync("--clock", "virtual", "--costs", Costs);
        ShoalProcess[] peers = await JoinAsync(swarm, 30, "--up-limit", "16Mbit");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("dora") > 4 * ChunkSize, "dora has some chunks");
        await peers[3].KillAsync();
        await swarm.Hub.Output.WaitForAsync(
            "action: leave | result: success", "name: dora", "how: vanished_incomplete");
        peers[3] = swarm.Join("dora", "--relay", "always", "--expect", "4");
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look(s_names[0]);
        Assert.Equal(4, expected.Length);
        Assert.All(s_names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
        Assert.Equal(
            JsonValueKind.Null, swarm.ReportOf("anna").GetProperty("virtual_lower_bound_ms").ValueKind);
    }

    [Fact]
    public async Task A_peer_that_is_killed_for_good_holds_up_nobody()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync("--clock", "virtual", "--costs", Costs);
        ShoalProcess[] peers = await JoinAsync(swarm, 30, "--up-limit", "16Mbit", "--patience", "2");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("dora") > 4 * ChunkSize, "dora has some chunks");
        await peers[3].KillAsync();
        foreach (ShoalProcess peer in peers[..3])
        {
            // What only dora had is missing; what the others have, all of them have.
            await peer.ExpectAsync(1);
        }

        foreach (string name in s_names[..3])
        {
            JsonElement missing = Assert.Single(swarm.ReportOf(name).GetProperty("missing").EnumerateArray());
            Assert.Equal("of dora.bin", missing.GetProperty("name").GetString());
            Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look(name));
        }
    }

    /// <summary>The chunks of a file came in this order, as the log of a peer says at its end.</summary>
    private static void AssertOrder(string[] log, string file, IEnumerable<int> expected)
    {
        IEnumerable<string> told = log.Where(line =>
            line.Contains($"action: clock_order | result: success | name: \"{file}\" |", StringComparison.Ordinal));
        Assert.Equal(
            expected.Select(chunk => chunk.ToString(CultureInfo.InvariantCulture)),
            told.SelectMany(line => ProcessSwarm.FieldOf(line, "order").Split(',')));
    }

    [SuppressMessage("Security", "CA5351", Justification = "To check what is told, not to protect.")]
    private static string Md5Of(string path) => Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(path)));

    private static string InMilliseconds(VirtualTime time) => time.Milliseconds.ToString(CultureInfo.InvariantCulture);

    private static async Task<ShoalProcess[]> JoinAsync(ProcessSwarm swarm, int chunks, params string[] arguments)
    {
        var peers = new ShoalProcess[s_names.Length];
        foreach ((int i, string name) in s_names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, ((chunks - 1) * ChunkSize) + 32_768);
            peers[i] = swarm.Join(
                name, ["--relay", "always", "--expect", "4", "--chunk", "128KiB", .. arguments]);
            await peers[i].Output.WaitForAsync("action: join | result: success");
        }

        return peers;
    }
}
