using System.Globalization;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Hosts.Peer;
using Shoal.Simulation.Relay;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>Under the system clock a live run takes what the simulated one takes, to the digit.</summary>
public sealed class ClockTests
{
    private const string Reference = "6:0.6,7:0.7,8:0.8,9:0.9";
    private static readonly string[] s_names = ["anna", "bert", "cleo", "dora", "emil"];

    [Theory]
    [InlineData(StarMode.Strict)]
    [InlineData(StarMode.FanOut)]
    public async Task The_reference_star_takes_what_the_simulator_says(StarMode mode)
    {
        await RunAsync(ClockSwarm.Costs(Reference), mode, [20, 20, 20, 20], new DeterministicRandom(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_stars_take_what_the_simulator_says(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        int peers = 2 + random.Next(4);
        string costs = string.Join(',', Enumerable.Range(0, peers).Select(_ => string.Create(
            CultureInfo.InvariantCulture, $"{1 + random.Next(9)}.{random.Next(10)}:0.{1 + random.Next(9)}")));
        StarMode mode = random.Next(2) == 0 ? StarMode.Strict : StarMode.FanOut;
        int[] chunks = [.. Enumerable.Range(0, peers).Select(_ => random.Next(25))];
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"random seed {randomSeed}: {costs}, {mode}, chunks {string.Join(',', chunks)}");
        await RunAsync(ClockSwarm.Costs(costs), mode, chunks, random);
    }

    [Fact]
    public async Task Every_message_is_logged_with_the_clock_in_front_and_files_have_their_times()
    {
        await using ClockSwarm swarm = await ClockSwarm.BeginAsync(ClockSwarm.Costs("6:0.6,8:0.8"));
        swarm.Swarm.Scratch.Write("anna/a.bin", 1, 2 * ClockSwarm.ChunkSize);
        swarm.Swarm.Scratch.Write("bert/b.bin", 2, ClockSwarm.ChunkSize);
        MemoryPeer anna = await swarm.JoinAsync("anna");
        MemoryPeer bert = await swarm.JoinAsync("bert");
        ClockReading reading = await swarm.CompleteAsync(anna, bert);

        string[] kinds = ["request", "forward", "upload", "deliver", "finished"];
        Assert.All(kinds, kind => Assert.Equal(3, Count(swarm.Swarm.HubLog, kind)));
        Assert.All(kinds, kind => Assert.Equal(3, Count(anna.Log, kind) + Count(bert.Log, kind)));
        PeerResult result = await bert.CompleteAsync();
        ReceivedFile file = Assert.Single(result.Files);
        Assert.True(file.Clock > VirtualTime.Zero && file.Clock <= reading.Makespan);
        Assert.Equal(2, result.Md5.Length);
        await bert.Log.WaitForAsync("action: clock_order", "name: a.bin", "order: ");
        await swarm.Swarm.HubLog.WaitForAsync("action: clock | ", "mean_chunk_ms: ");
    }

    [Fact]
    public async Task Files_that_several_have_already_are_not_sent_again()
    {
        await using ClockSwarm swarm = await ClockSwarm.BeginAsync(ClockSwarm.Costs("6:0.6,7:0.7,8:0.8"));
        foreach (string name in s_names[..2])
        {
            swarm.Swarm.Scratch.Write($"{name}/both.bin", 7, 5 * ClockSwarm.ChunkSize);
        }

        swarm.Swarm.Scratch.Write("cleo/own.bin", 8, 3 * ClockSwarm.ChunkSize);
        MemoryPeer[] peers =
        [
            await swarm.JoinAsync("anna"), await swarm.JoinAsync("bert"), await swarm.JoinAsync("cleo"),
        ];
        ClockReading reading = await swarm.CompleteAsync(peers);
        Assert.True(reading.Makespan >= reading.LowerBound && reading.LowerBound > VirtualTime.Zero);
        Assert.Equal(5 + (2 * 3), Count(swarm.Swarm.HubLog, "deliver"));
    }

    [Fact]
    public async Task Nothing_to_do_takes_no_time()
    {
        await using ClockSwarm swarm = await ClockSwarm.BeginAsync(ClockSwarm.Costs("6:0.6,7:0.7"));
        MemoryPeer[] peers = [await swarm.JoinAsync("anna"), await swarm.JoinAsync("bert")];
        Assert.Equal(VirtualTime.Zero, (await swarm.CompleteAsync(peers)).Makespan);
    }

    [Fact]
    public async Task Who_does_not_fit_is_refused_with_what_to_do()
    {
        await using ClockSwarm swarm = await ClockSwarm.BeginAsync(ClockSwarm.Costs("6:0.6,7:0.7"));
        await RefusedAsync(swarm, "anna", options => options with { Relay = RelayUse.Auto }, "--relay always");
        await RefusedAsync(swarm, "anna", options => options with { Expect = 0 }, "--expect 2");
        await RefusedAsync(swarm, "anna", options => options with { Expect = 3 }, "--expect 2");

        // What such a member had sent already is not worth a line each.
        Assert.Equal(3, swarm.Swarm.HubLog.Count("action: disconnect | result: fail"));
    }

    private static async Task RunAsync(CostModel costs, StarMode mode, int[] chunks, DeterministicRandom random)
    {
        await using ClockSwarm swarm = await ClockSwarm.BeginAsync(costs, mode);
        var peers = new MemoryPeer[chunks.Length];
        for (int i = 0; i < chunks.Length; i++)
        {
            if (chunks[i] > 0)
            {
                // The last chunk may be a short one: it costs the same.
                long length = ((long)chunks[i] * ClockSwarm.ChunkSize) - random.Next(ClockSwarm.ChunkSize);
                swarm.Swarm.Scratch.Write($"{s_names[i]}/of {s_names[i]}.bin", (ulong)i + 1, (int)length);
            }

            peers[i] = await swarm.JoinAsync(s_names[i]);
        }

        ClockReading reading = await swarm.CompleteAsync(peers);
        StarRun simulated = ClockSwarm.Simulate(costs, mode, chunks);
        Assert.Equal(simulated.Makespan, reading.Makespan);
        Assert.Equal(simulated.Bound, reading.LowerBound);
        Assert.Equal(simulated.MeanChunk, reading.MeanChunk);
    }

    private static async Task RefusedAsync(
        ClockSwarm swarm, string name, Func<PeerOptions, PeerOptions> adjust, string reason)
    {
        MemoryPeer peer = swarm.Swarm.Start(name, options => adjust(options with
        {
            Relay = RelayUse.Always, Expect = 2,
        }));
        var refused = Assert.IsType<SwarmOutcome.Refused>((await peer.EndAsync()).Outcome);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    private static int Count(Lines log, string kind) => log.Count($" ms] action: {kind} | result: success");
}
