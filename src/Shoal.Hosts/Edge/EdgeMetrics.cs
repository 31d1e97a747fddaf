using System.Diagnostics.Metrics;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Edge;

/// <summary>What an edge measures.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Edge";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly ByteCounter _payload;
    private readonly Counter<long> _evicted;
    private long _delivered;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="shelf">What the edge holds.</param>
    public EdgeMetrics(IMeterFactory? factory, EdgeShelf shelf)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _requests = _meter.CreateCounter<long>(
            "shoal.edge.requests", "{request}", "Requests at the HTTP door: hit, miss, unknown or failed");
        _payload = new ByteCounter(
            _meter, "shoal.edge.payload", "way", "Bytes of files: filled, passed by, and sent to clients or over HTTP");
        _evicted = _meter.CreateCounter<long>("shoal.edge.evictions", "{file}", "Copies that were given up");
        _meter.CreateObservableUpDownCounter(
            "shoal.edge.held", () => shelf.Bytes, "By", "What is held, fills under way included");
    }

    /// <summary>A request at the HTTP door was answered, or failed later.</summary>
    public void Answered(string result) => _requests.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>Bytes came to stay.</summary>
    public void Filled(long bytes) => _payload.Add("fill", bytes);

    /// <summary>Bytes came for somebody who asked, and do not stay.</summary>
    public void Passed(long bytes) => _payload.Add("pass", bytes);

    /// <summary>Bytes went out over HTTP.</summary>
    public void Sent(long bytes) => _payload.Add("http", bytes);

    /// <summary>Clients have taken so many bytes by now.</summary>
    public void Delivered(long total)
    {
        _payload.Add("client", total - _delivered);
        _delivered = total;
    }

    public void Evicted() => _evicted.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
