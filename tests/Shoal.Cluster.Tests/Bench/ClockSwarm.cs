using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Hosts.Peer;
using Shoal.Simulation.Relay;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>Peers of a hub that keeps the system clock, in memory; they join one after the other.</summary>
internal sealed class ClockSwarm : IAsyncDisposable
{
    public const int ChunkSize = ChunkLayout.SmallestSize;

    private readonly CostModel _costs;

    private ClockSwarm(MemorySwarm swarm, CostModel costs)
    {
        Swarm = swarm;
        _costs = costs;
    }

    public MemorySwarm Swarm { get; }

    public static async Task<ClockSwarm> BeginAsync(
        CostModel costs, StarMode mode = StarMode.Strict, TimeSpan? answerLimit = null)
    {
        var clock = new StarHubOptions
        {
            Costs = costs, Mode = mode, AnswerLimit = answerLimit ?? TimeSpan.FromMinutes(2),
        };
        return new ClockSwarm(await MemorySwarm.BeginAsync(options => options with { Clock = clock }), costs);
    }

    public static CostModel Costs(string text)
    {
        Assert.True(CostModel.TryParse(text, out CostModel? costs, out string? reason), reason);
        return costs;
    }

    /// <summary>What the simulator says that fresh peers with so many chunks take.</summary>
    public static StarRun Simulate(CostModel costs, StarMode mode, params int[] chunks) =>
        Simulate(costs, mode, watch: null, chunks);

    /// <inheritdoc cref="Simulate(CostModel, StarMode, int[])"/>
    public static StarRun Simulate(
        CostModel costs, StarMode mode, Action<Occupation>? watch, params int[] chunks)
    {
        var shape = new StarShape { Costs = costs, Chunks = [.. chunks], Mode = mode };
        return new StarScenario { Shape = shape }.Run(watch, TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a peer and waits until the hub has given it its place.</summary>
    public async Task<MemoryPeer> JoinAsync(string name, Func<PeerOptions, PeerOptions>? adjust = null)
    {
        MemoryPeer peer = Swarm.Start(name, options =>
        {
            options = options with
            {
                Relay = RelayUse.Always, Expect = _costs.Links.Length, ChunkSize = ChunkSize,
            };
            return adjust?.Invoke(options) ?? options;
        });
        await peer.Log.WaitForAsync("action: join | result: success");
        return peer;
    }

    /// <summary>Has every peer end complete and with the same folder, and gives what the clock showed.</summary>
    public async Task<ClockReading> CompleteAsync(params MemoryPeer[] peers)
    {
        ClockReading? reading = null;
        foreach (MemoryPeer peer in peers)
        {
            PeerResult result = await peer.CompleteAsync();
            Assert.NotNull(result.Clock);
            Assert.Equal(reading ??= result.Clock, result.Clock);
        }

        string[] expected = Swarm.Scratch.Look(peers[0].Options.Name);
        Assert.All(peers, peer => Assert.Equal(expected, Swarm.Scratch.Look(peer.Options.Name)));
        return reading!;
    }

    public ValueTask DisposeAsync() => Swarm.DisposeAsync();
}
