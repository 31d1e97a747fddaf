using System.Diagnostics.Metrics;

namespace Shoal.Hosts.User;

/// <summary>The figures of a user's machine.</summary>
internal sealed class UserMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.User";

    private readonly Meter _meter;
    private readonly Counter<long> _files;
    private readonly Counter<long> _payload;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public UserMetrics(IMeterFactory? factory)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _files = _meter.CreateCounter<long>("shoal.user.files", "{file}", "Files that others asked for");
        _payload = _meter.CreateCounter<long>("shoal.user.payload", "By", "Bytes of files, sent and received");
    }

    public void Served(string result, long bytes)
    {
        _files.Add(1, new KeyValuePair<string, object?>("result", result));
        _payload.Add(bytes, new KeyValuePair<string, object?>("direction", "sent"));
    }

    public void Fetched(long bytes) =>
        _payload.Add(bytes, new KeyValuePair<string, object?>("direction", "received"));

    public void Dispose() => _meter.Dispose();
}
