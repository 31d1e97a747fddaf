using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Common;

/// <summary>Counts bytes of files by the way that they go, which is one of a few words.</summary>
internal sealed class WayCounter(Meter meter, string name, string description)
{
    private readonly Counter<long> _bytes = meter.CreateCounter<long>(name, "By", description);

    public void Add(string way, long bytes)
    {
        if (bytes > 0)
        {
            _bytes.Add(bytes, new KeyValuePair<string, object?>("way", way));
        }
    }
}
