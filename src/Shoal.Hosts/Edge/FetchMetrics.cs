using System.Diagnostics.Metrics;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Edge;

/// <summary>What a client of a tier measures.</summary>
internal sealed class FetchMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Fetch";

    private readonly Meter _meter;
    private readonly ByteCounter _payload;
    private readonly Histogram<double> _files;
    private readonly Counter<long> _rejected;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public FetchMetrics(IMeterFactory? factory)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _payload = new ByteCounter(
            _meter, "shoal.fetch.payload", "way", "Bytes of chunks: from the origin and from edges");
        _files = _meter.CreateHistogram<double>("shoal.fetch.file", "s", "From the start until a file is here");
        _rejected = _meter.CreateCounter<long>("shoal.fetch.rejected", "{chunk}", "Chunks whose hash was wrong");
    }

    /// <summary>A chunk came.</summary>
    public void Received(string way, long bytes) => _payload.Add(way, bytes);

    /// <summary>A file is here.</summary>
    public void Fetched(TimeSpan time) => _files.Record(time.TotalSeconds);

    public void Rejected() => _rejected.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
