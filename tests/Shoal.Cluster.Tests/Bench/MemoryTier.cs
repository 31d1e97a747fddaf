using System.Diagnostics.Metrics;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Roster;
using Shoal.Hosts.Edge;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A hub, an origin, edges and clients here: real hosts and folders, connections in memory.</summary>
internal sealed class MemoryTier : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _edgeStop = new();
    private CancellationTokenSource _originStop = new();
    private readonly List<Task> _running = [];
    private readonly MemorySwarm _swarm;

    private MemoryTier(MemorySwarm swarm)
    {
        _swarm = swarm;
        Line = new ValveTransport(swarm.Network, "origin");
    }

    /// <summary>What edges receive from the origin goes by it.</summary>
    public ValveTransport Line { get; }

    public ITransport Network => _swarm.Network;

    public Scratch Scratch => _swarm.Scratch;

    public Lines Log { get; } = new("tier");

    public static async Task<MemoryTier> BeginAsync() => new(await MemorySwarm.BeginAsync());

    public Task<OriginResult> Origin(
        TierOptions run, Func<OriginOptions, OriginOptions>? adjust = null, TimeProvider? time = null)
    {
        var options = new OriginOptions
        {
            Tier = "t",
            Hub = MemorySwarm.HubAddress,
            Folder = Scratch["origin"],
            Name = "origin",
            Listen = new EndpointText("origin", 0),
            CloseLimit = TimeSpan.FromMilliseconds(300),
            ChunkSize = ChunkLayout.SmallestSize,
            Silence = TimeSpan.FromSeconds(60),
            Run = run with { Steps = 0 },
        };
        return Keep(OriginHost.RunAsync(
            adjust?.Invoke(options) ?? options, _swarm.Network, time ?? TimeProvider.System, Log, _originStop.Token));
    }

    /// <summary>Has the origin end, and gives what came of it; there may be another one then.</summary>
    public async Task<OriginResult> StopAsync(Task<OriginResult> origin)
    {
        await _originStop.CancelAsync();
        OriginResult result = await origin;
        _originStop.Dispose();
        _originStop = new CancellationTokenSource();
        return result;
    }

    public Task<EdgeResult> Edge(string name, long capacity, Func<EdgeOptions, EdgeOptions>? adjust = null)
    {
        var options = new EdgeOptions
        {
            Tier = "t",
            Hub = MemorySwarm.HubAddress,
            Folder = Scratch[name],
            Name = name,
            Listen = new EndpointText(name, 0),
            CloseLimit = TimeSpan.FromMilliseconds(300),
            Silence = TimeSpan.FromSeconds(60),
            Capacity = capacity,
        };
        return Keep(EdgeHost.RunAsync(
            adjust?.Invoke(options) ?? options, Line, TimeProvider.System, Log, _edgeStop.Token));
    }

    /// <summary>Has all edges end.</summary>
    public Task StopEdgesAsync() => _edgeStop.CancelAsync();

    /// <summary>An edge with a door for HTTP, and a client of it.</summary>
    public async Task<HttpClient> HttpAsync(long capacity, Func<EdgeOptions, EdgeOptions>? adjust = null)
    {
        _ = Edge("edge", capacity, options => (adjust?.Invoke(options) ?? options) with
        {
            Http = new EndpointText("127.0.0.1", 0), Stay = true,
        });
        string line = await Log.WaitForAsync("action: http_listen");
        await Log.WaitForAsync("action: attend | result: success | role: edge");
        return new HttpClient { BaseAddress = new Uri($"http://{line[(line.LastIndexOf(' ') + 1)..]}") };
    }

    public Task<FetchResult> Fetch(string name, params string[] names) =>
        Fetch(name, [new FetchWish.Names([.. names.Select(EntryName.Parse)])]);

    public Task<FetchResult> Fetch(string name, IMeterFactory meters, params string[] names) =>
        Fetch(name, [new FetchWish.Names([.. names.Select(EntryName.Parse)])], meters);

    public Task<FetchResult> Fetch(string name, FetchWish[] wishes, IMeterFactory? meters = null) => Keep(
        FetchHost.RunAsync(
        new FetchOptions
        {
            Tier = "t",
            Hub = MemorySwarm.HubAddress,
            Folder = Scratch[name],
            Name = name,
            CloseLimit = TimeSpan.FromMilliseconds(300),
            Silence = TimeSpan.FromSeconds(60),
            List = wishes.ToAsyncEnumerable(),
            Order = ListOrder.Kept,
            Meters = meters,
        },
        _swarm.Network, TimeProvider.System, Log, _ => { }, _stop.Token));

    /// <summary>A file of the origin, by its name and length.</summary>
    public void Put(string name, int length) => Scratch.Write($"origin/{name}", (ulong)length, length);

    /// <summary>Gives an edge that is not running a copy of a file, as an earlier run would have left it.</summary>
    public async Task HoldAsync(string edge, string name)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using SwarmFolder origin = Open(Scratch.Folder($"{edge}-source"));
        File.Copy(Path.Join(Scratch["origin"], name), Path.Join(origin.Path, name));
        Manifest manifest = Assert.Single((await origin.ReadAsync(null, token)).Manifests);
        using SwarmFolder copy = Open(Scratch[edge]);
        await copy.ReadAsync(null, token);
        copy.Prepare(manifest);
        byte[] bytes = await File.ReadAllBytesAsync(Path.Join(origin.Path, name), token);
        for (int chunk = 0; chunk < manifest.ChunkCount; chunk++)
        {
            ByteRange range = manifest.Layout.RangeOf(new ChunkIndex(chunk));
            copy.Store(new ChunkRef(manifest.Id, new ChunkIndex(chunk)), bytes.AsSpan((int)range.Offset, range.Length));
        }
    }

    /// <summary>Changes bytes of the only copy that an edge has from an earlier run.</summary>
    public void Spoil(string edge)
    {
        string copy = Assert.Single(Directory.GetFiles(Path.Join(Scratch[edge], ".shoal", "incoming")));
        using FileStream file = File.OpenWrite(copy);
        file.Position = 50_000;
        file.Write([1, 2, 3, 4, 5, 6, 7, 8]);
    }

    /// <summary>The bytes of a file of the origin.</summary>
    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(Scratch["origin"], name));

    /// <summary>Whether a client has the very file of the origin.</summary>
    public bool IsSame(string client, string name) =>
        Bytes(name).SequenceEqual(File.ReadAllBytes(Path.Join(Scratch[client], name)));

    public async ValueTask DisposeAsync()
    {
        Line.Let(ValveTransport.Wide);
        await _originStop.CancelAsync();
        await _edgeStop.CancelAsync();
        await _stop.CancelAsync();
        foreach (Task running in _running)
        {
            await ((Task)running.ContinueWith(static _ => { }, TaskScheduler.Default))
                .WaitAsync(Limits.Wait, CancellationToken.None);
        }

        _stop.Dispose();
        _edgeStop.Dispose();
        _originStop.Dispose();
        await _swarm.DisposeAsync();
    }

    private static SwarmFolder Open(string folder) => SwarmFolder.Open(new SwarmFolderOptions
    {
        Path = folder, PeerName = "somebody", ChunkSize = ChunkLayout.SmallestSize,
    });

    private Task<T> Keep<T>(Task<T> task)
    {
        _running.Add(task);
        return AwaitAsync(task);
    }

    private async Task<T> AwaitAsync<T>(Task<T> task)
    {
        try
        {
            return await task.WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It has not ended in time:\n{Log}");
        }
    }
}
