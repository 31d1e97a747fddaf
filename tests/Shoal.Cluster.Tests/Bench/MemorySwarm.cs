using Shoal.Core.Roster;
using Shoal.Hosts.Hub;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A hub and peers in this process: real hosts and folders, connections in memory.</summary>
internal sealed class MemorySwarm : IAsyncDisposable
{
    public static readonly EndpointText HubAddress = new("hub", 9999);

    private readonly List<MemoryPeer> _peers = [];
    private CancellationTokenSource? _hubStop;
    private Task _hub = Task.CompletedTask;

    public InMemoryTransport Network { get; } = new();

    public Scratch Scratch { get; } = new();

    public Lines HubLog { get; } = new("hub");

    public static async Task<MemorySwarm> BeginAsync(Func<HubOptions, HubOptions>? adjust = null)
    {
        var swarm = new MemorySwarm();
        await swarm.StartHubAsync(adjust);
        return swarm;
    }

    public async Task StartHubAsync(Func<HubOptions, HubOptions>? adjust = null)
    {
        // On a busy machine nobody is to vanish who only has to wait.
        var options = new HubOptions
        {
            Listen = HubAddress, CloseLimit = TimeSpan.FromMilliseconds(200), Lease = TimeSpan.FromMinutes(1),
        };
        HubHost hub = await HubHost.OpenAsync(
            adjust?.Invoke(options) ?? options, Network, TimeProvider.System, HubLog,
            TestContext.Current.CancellationToken);
        _hubStop = new CancellationTokenSource();
        _hub = RunHubAsync(hub, _hubStop.Token);
    }

    public async Task StopHubAsync()
    {
        await _hubStop!.CancelAsync();
        await _hub.WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        _hubStop.Dispose();
        _hubStop = null;
    }

    /// <summary>The options of a peer whose folder has its name.</summary>
    public PeerOptions Options(string name) => new()
    {
        Swarm = "films",
        Hub = HubAddress,
        Folder = Scratch[name],
        Name = name,
        Listen = new EndpointText(name, 0),
        // Longer than a busy machine takes from a connection to the first word on it.
        Patience = TimeSpan.FromSeconds(2),
        CloseLimit = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>Starts a peer; its folder has its name.</summary>
    public MemoryPeer Start(
        string name, Func<PeerOptions, PeerOptions>? adjust = null, Func<string, bool>? isWalled = null,
        Action<PeerProgress>? watch = null)
    {
        PeerOptions options = Options(name);
        var peer = new MemoryPeer(
            adjust?.Invoke(options) ?? options,
            isWalled is null ? Network : new WalledTransport(Network, isWalled), watch);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Starts peers that wait for each other.</summary>
    public MemoryPeer[] StartAll(params string[] names) =>
        [.. names.Select(name => Start(name, options => options with { Expect = names.Length }))];

    /// <summary>Lets a scripted member join.</summary>
    public Task<ScriptedPeer> ScriptAsync(string name, ScriptedContent[] contents, int expect = 0) =>
        ScriptedPeer.JoinAsync(Network, HubAddress, name, contents, expect, host: name);

    public async ValueTask DisposeAsync()
    {
        foreach (MemoryPeer peer in _peers)
        {
            await peer.DisposeAsync();
        }

        if (_hubStop is not null)
        {
            await _hubStop.CancelAsync();
            await _hub;
            _hubStop.Dispose();
        }

        Scratch.Dispose();
    }

    private static async Task RunHubAsync(HubHost hub, CancellationToken cancellationToken)
    {
        await using (hub)
        {
            await hub.RunAsync(cancellationToken);
        }
    }
}
