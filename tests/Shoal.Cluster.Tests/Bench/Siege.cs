using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Hub;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A hub and an honest peer, Anna, who has a file. Whatever others do to them, Bert, who comes afterwards, gets it.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    private readonly SwarmKey? _key;
    private MemoryPeer? _bert;

    private Siege(MemorySwarm swarm, SwarmKey? key)
    {
        Swarm = swarm;
        _key = key;
    }

    public MemorySwarm Swarm { get; }

    public MemoryPeer Anna { get; private set; } = null!;

    public EndpointText AnnaAddress { get; private set; }

    public PeerId AnnaId { get; private set; }

    public static async Task<Siege> BeginAsync(
        SwarmKey? key = null, Func<HubOptions, HubOptions>? adjustHub = null,
        Func<PeerOptions, PeerOptions>? adjustPeer = null)
    {
        MemorySwarm swarm = await MemorySwarm.BeginAsync(
            options => (adjustHub?.Invoke(options) ?? options) with { Key = key });
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        var siege = new Siege(swarm, key);

        // She stays, so that it is not for her to know when the last offender has gone.
        siege.Anna = swarm.Start("anna", options =>
            (adjustPeer?.Invoke(options) ?? options) with { Key = key, Stay = true });
        string listening = await siege.Anna.Log.WaitForAsync("action: peer_listen");
        await siege.Anna.Log.WaitForAsync("action: join");
        Assert.True(EndpointText.TryParse(
            ProcessSwarm.FieldOf(listening, "address"), null, out EndpointText address));
        Assert.True(PeerId.TryParse(ProcessSwarm.FieldOf(listening, "peer"), out PeerId id));
        siege.AnnaAddress = address;
        siege.AnnaId = id;
        return siege;
    }

    /// <summary>Lets Bert come.</summary>
    public MemoryPeer LetBertIn() => _bert ??= Swarm.Start("bert", options => options with { Key = _key });

    /// <summary>Nobody has noticed: Bert gets everything, and Anna ends as usual.</summary>
    public async Task HoldsAsync()
    {
        MemoryPeer bert = LetBertIn();
        await bert.CompleteAsync();
        await Anna.StopAsync();
        await Anna.CompleteAsync();
        Assert.Equal(Swarm.Scratch.Look("anna"), Swarm.Scratch.Look("bert"));
        Assert.Single(Swarm.Scratch.Look("bert"));
        Assert.False(Anna.Log.Has("action: peer | result: fail"), Anna.Log.ToString());
        Assert.False(Swarm.HubLog.Has("action: connection | result: fail"), Swarm.HubLog.ToString());
    }

    public ValueTask DisposeAsync() => Swarm.DisposeAsync();
}
