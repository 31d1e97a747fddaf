using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Common;

/// <summary>Counts bytes by a tag that is one of a few words: which way they go.</summary>
/// <param name="meter">The meter.</param>
/// <param name="name">The name of the instrument.</param>
/// <param name="tag">The name of the tag.</param>
/// <param name="description">What is counted, for people.</param>
internal sealed class ByteCounter(Meter meter, string name, string tag, string description)
{
    private readonly Counter<long> _bytes = meter.CreateCounter<long>(name, "By", description);

    public void Add(string way, long bytes)
    {
        if (bytes > 0)
        {
            _bytes.Add(bytes, new KeyValuePair<string, object?>(tag, way));
        }
    }
}
