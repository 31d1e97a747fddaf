using System.Diagnostics.Metrics;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.User;

/// <summary>The figures of a user's machine.</summary>
internal sealed class UserMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.User";

    private readonly Meter _meter;
    private readonly Counter<long> _files;
    private readonly ByteCounter _payload;
    private readonly UpDownCounter<int> _offers;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public UserMetrics(IMeterFactory? factory)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _files = _meter.CreateCounter<long>("shoal.user.files", "{file}", "Files that others asked for");
        _payload = new ByteCounter(
            _meter, "shoal.user.payload", "direction", "Bytes of files, sent and received");
        _offers = _meter.CreateUpDownCounter<int>(
            "shoal.user.offers", "{offer}", "Offers that are given in chunks now");
    }

    public void Served(string result, long bytes)
    {
        _files.Add(1, new KeyValuePair<string, object?>("result", result));
        _payload.Add("send", bytes);
    }

    /// <summary>An offer is given in chunks from now on.</summary>
    public void GiveBegan() => _offers.Add(1);

    /// <summary>It is no longer, and so many bytes of it were sent.</summary>
    public void GiveEnded(long bytes)
    {
        _offers.Add(-1);
        _payload.Add("send", bytes);
    }

    public void Fetched(long bytes) => _payload.Add("receive", bytes);

    public void Dispose() => _meter.Dispose();
}
