using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class MetricsTests
{
    [Fact]
    public async Task Hub_and_peers_measure_what_they_do()
    {
        using var meters = new Meters();
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(options => options with { Meters = meters });
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        MemoryPeer anna = swarm.Start("anna", options => options with
        {
            Meters = meters, Capacity = new(1e9, 1e9),
        });
        MemoryPeer bert = swarm.Start("bert", options => options with { Capacity = new(1e9, 1e9) });
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        await swarm.HubLog.WaitForAsync("action: swarm_end");
        await swarm.StopHubAsync();

        Assert.Equal(300_000, meters.Sum("shoal.peer.payload", "By", "send"));
        Assert.Equal(0, meters.Sum("shoal.peer.payload", "By", "receive"));
        Assert.Equal(0, meters.Sum("shoal.peer.connections", "{connection}"));
        Assert.Equal(2, meters.Count("shoal.peer.connections"));
        Assert.Equal(0, meters.Sum("shoal.hub.members", "{member}"));
        Assert.Equal(4, meters.Count("shoal.hub.members"));
        Assert.Equal(0, meters.Sum("shoal.hub.swarms", "{swarm}"));
        Assert.True(meters.Sum("shoal.hub.messages", "{message}", "receive") > 4);
        Assert.True(meters.Sum("shoal.hub.messages", "{message}", "send") > 4);
        Assert.True(meters.Sum("shoal.hub.makespan", "s") > 0);
        Assert.True(meters.Sum("shoal.hub.ratio", "1") >= 1);
        Assert.All(meters.Tags, tag => Assert.True(tag is "receive" or "send" or "waste", tag));
    }

    /// <summary>Makes meters and listens to them, and to no others.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly ConcurrentBag<Meter> _made = [];
        private readonly ConcurrentQueue<(string Name, string? Unit, double Value, string? Tag)> _heard = new();
        private readonly MeterListener _listener = new();

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == this)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Hear(i, value, tags));
            _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Hear(i, value, tags));
            _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Hear(i, value, tags));
            _listener.Start();
        }

        public IEnumerable<string> Tags => _heard.Where(one => one.Tag is not null).Select(one => one.Tag!);

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public int Count(string name) => _heard.Count(one => one.Name == name);

        public double Sum(string name, string unit, string? tag = null)
        {
            Assert.All(_heard.Where(one => one.Name == name), one => Assert.Equal(unit, one.Unit));
            return _heard.Where(one => one.Name == name && one.Tag == tag).Sum(one => one.Value);
        }

        public void Dispose()
        {
            _listener.Dispose();
            foreach (Meter meter in _made)
            {
                meter.Dispose();
            }
        }

        private void Hear(
            Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _heard.Enqueue((instrument.Name, instrument.Unit, value, tags.Length == 0 ? null : (string?)tags[0].Value));
    }
}
