using System.Diagnostics.Metrics;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Hosts.Audit;
using Shoal.Hosts.Members;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A hub's directory in this process: the real host, connections and store in memory.</summary>
internal sealed class MemoryDirectory : IAsyncDisposable, IMeterFactory
{
    public static readonly EndpointText Address = new("hub", 9998);

    private readonly List<Meter> _meters = [];
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public InMemoryTransport Network { get; } = new();

    public MemoryStore Store { get; } = new();

    /// <summary>The log of operations, the test's; null: there is none.</summary>
    public AuditTrail? Trail { get; set; }

    public Lines Log { get; } = new("hub");

    /// <summary>What the hub prints for users of other directories.</summary>
    public Lines Printed { get; } = new("printed");

    public MembersHost Host { get; private set; } = null!;

    public Caller Caller => new(Network, Address);

    public static async Task<MemoryDirectory> BeginAsync(
        Func<MembersOptions, MembersOptions>? adjust = null, TimeProvider? time = null)
    {
        var directory = new MemoryDirectory();
        await directory.StartAsync(adjust, time);
        return directory;
    }

    public async Task StartAsync(Func<MembersOptions, MembersOptions>? adjust = null, TimeProvider? time = null)
    {
        // Nobody's port is dialled in most tests, so nobody is to vanish because of that.
        var options = new MembersOptions
        {
            Listen = Address,
            Print = Printed.Add,
            Meters = this,
            DrainLimit = TimeSpan.FromMilliseconds(200),
            Directory = new UserDirectoryOptions { ProbeInterval = TimeSpan.FromHours(1) },
        };
        Host = await MembersHost.OpenAsync(
            adjust?.Invoke(options) ?? options, Network, Store, Trail, time ?? TimeProvider.System, Log,
            TestContext.Current.CancellationToken);
        _stop = new CancellationTokenSource();
        _running = Host.RunAsync(_stop.Token);
    }

    public async Task StopAsync()
    {
        if (_stop is not null)
        {
            await _stop.CancelAsync();
            await _running.WaitAsync(Limits.Wait, CancellationToken.None);
            await Host.DisposeAsync();
            _stop.Dispose();
            _stop = null;
        }
    }

    /// <summary>Sends a request of a word and fields and returns the reply.</summary>
    public Task<string> AskAsync(string word, params string[] fields) =>
        Caller.AskAsync($"{word}\0{Caller.Stamp}{string.Concat(fields.Select(field => field + '\0'))}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meters.ForEach(meter => meter.Dispose());
    }

    Meter IMeterFactory.Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    void IDisposable.Dispose()
    {
        // DisposeAsync does it.
    }
}
