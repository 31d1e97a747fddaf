using System.Diagnostics.Metrics;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer measures.</summary>
internal sealed class PeerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Peer";

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _connections;
    private readonly ByteCounter _payload;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _stolen;
    private PeerTally _counted;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public PeerMetrics(IMeterFactory? factory)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _connections = _meter.CreateUpDownCounter<int>(
            "shoal.peer.connections", "{connection}", "Connections with other peers that are up");
        _payload = new ByteCounter(
            _meter, "shoal.peer.payload", "direction", "Bytes of chunks: sent, received and kept, received in vain");
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
        _payload.Add("send", tally.BytesSent - _counted.BytesSent);
        _payload.Add("receive", tally.BytesReceived - _counted.BytesReceived);
        _payload.Add("waste", tally.BytesWasted - _counted.BytesWasted);
        if (tally.ChunksRejected > _counted.ChunksRejected)
        {
            _rejected.Add(tally.ChunksRejected - _counted.ChunksRejected);
        }

        _counted = tally;
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
