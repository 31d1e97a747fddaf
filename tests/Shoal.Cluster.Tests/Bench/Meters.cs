using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>Makes meters and listens to them, and to no others.</summary>
internal sealed class Meters : IMeterFactory
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

    /// <summary>Reads what is only known when somebody asks.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

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
