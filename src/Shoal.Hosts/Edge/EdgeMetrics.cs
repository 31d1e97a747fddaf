using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Edge;

/// <summary>What an edge measures.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Edge";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _payload;
    private readonly Counter<long> _evicted;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="shelf">What the edge holds.</param>
    public EdgeMetrics(IMeterFactory? factory, EdgeShelf shelf)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _requests = _meter.CreateCounter<long>(
            "shoal.edge.requests", "{request}", "Requests at the HTTP door: hit, miss, unknown or failed");
        _payload = _meter.CreateCounter<long>(
            "shoal.edge.payload", "By", "Bytes of files: filled, passed by, and sent to clients or over HTTP");
        _evicted = _meter.CreateCounter<long>("shoal.edge.evictions", "{file}", "Copies that were given up");
        _meter.CreateObservableUpDownCounter(
            "shoal.edge.held", () => shelf.Bytes, "By", "What is held, fills under way included");
    }

    /// <summary>A request at the HTTP door was answered, or failed later.</summary>
    public void Answered(string result) => _requests.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>Bytes came to stay.</summary>
    public void Filled(long bytes) => Count("fill", bytes);

    /// <summary>Bytes came for somebody who asked, and do not stay.</summary>
    public void Passed(long bytes) => Count("pass", bytes);

    /// <summary>Bytes went out.</summary>
    public void Sent(long bytes, string way) => Count(way, bytes);

    public void Evicted() => _evicted.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Count(string way, long bytes)
    {
        if (bytes > 0)
        {
            _payload.Add(bytes, new KeyValuePair<string, object?>("way", way));
        }
    }
}
