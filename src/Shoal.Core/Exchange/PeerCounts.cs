namespace Shoal.Core.Exchange;

/// <summary>What a peer counts of its own run and tells the hub about once a second.</summary>
internal sealed class PeerCounts(PeerUploads uploads)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _received;
    private long _relayed;
    private long _wasted;
    private long _rejected;
    private double _bestDownRate;
    private long _lastReceived;
    private TimeSpan _lastTick;

    public PeerTally Tally => new(
        uploads.BytesSent, _received, _wasted, _rejected, uploads.Rate, _bestDownRate, uploads.RelayedSent, _relayed);

    public void Received(int bytes, bool isRelayed)
    {
        _received += bytes;
        _relayed += isRelayed ? bytes : 0;
    }

    public void Wasted(int bytes) => _wasted += bytes;

    public void Rejected() => _rejected++;

    /// <summary>Whether it is time to tell the hub.</summary>
    public bool Tick(TimeSpan now)
    {
        TimeSpan elapsed = now - _lastTick;
        if (elapsed < Interval)
        {
            return false;
        }

        _bestDownRate = Math.Max(_bestDownRate, (_received - _lastReceived) / elapsed.TotalSeconds);
        _lastReceived = _received;
        _lastTick = now;
        return true;
    }
}
