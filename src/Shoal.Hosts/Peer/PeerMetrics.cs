using System.Diagnostics.Metrics;
using Shoal.Core.Exchange;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer measures.</summary>
internal sealed class PeerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Peer";

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _payload;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _stolen;
    private PeerTally _counted;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public PeerMetrics(IMeterFactory? factory)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _connections = _meter.CreateUpDownCounter<int>(
            "shoal.peer.connections", "{connection}", "Connections with other peers that are up");
        _payload = _meter.CreateCounter<long>(
            "shoal.peer.payload", "By", "Bytes of chunks: sent, received and kept, received in vain");
        _rejected = _meter.CreateCounter<long>("shoal.peer.rejected", "{chunk}", "Chunks whose hash was wrong");
        _stolen = _meter.CreateCounter<long>(
            "shoal.peer.stolen", "{chunk}", "Late chunks that were asked of somebody else");
    }

    public void Connected() => _connections.Add(1);

    public void Disconnected() => _connections.Add(-1);

    public void Stolen() => _stolen.Add(1);

    /// <summary>Counts what is new in a tally.</summary>
    public void Count(PeerTally tally)
    {
        Add("send", tally.BytesSent - _counted.BytesSent);
        Add("receive", tally.BytesReceived - _counted.BytesReceived);
        Add("waste", tally.BytesWasted - _counted.BytesWasted);
        if (tally.ChunksRejected > _counted.ChunksRejected)
        {
            _rejected.Add(tally.ChunksRejected - _counted.ChunksRejected);
        }

        _counted = tally;
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Add(string direction, long bytes)
    {
        if (bytes > 0)
        {
            _payload.Add(bytes, new KeyValuePair<string, object?>("direction", direction));
        }
    }
}
