using System.Diagnostics.Metrics;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Edge;

/// <summary>What an origin measures.</summary>
internal sealed class OriginMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Origin";

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _members;
    private readonly Counter<long> _transfers;
    private readonly Counter<long> _faults;
    private readonly Histogram<double> _makespan;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="tally">What left the origin.</param>
    public OriginMetrics(IMeterFactory? factory, TierTally tally)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _members = _meter.CreateUpDownCounter<int>(
            "shoal.origin.members", "{member}", "Edges and clients that are here");
        _transfers = _meter.CreateCounter<long>("shoal.origin.transfers", "{transfer}", "Transfers begun, by kind");
        _faults = _meter.CreateCounter<long>("shoal.origin.faults", "{transfer}", "Transfers that failed, by fault");
        _makespan = _meter.CreateHistogram<double>("shoal.origin.makespan", "s", "From the start to the last file");
        _meter.CreateObservableCounter(
            "shoal.origin.payload", () => tally.OriginKb * OriginCatalog.BytesPerKb, "By",
            "Bytes of files that left the origin, begun included, in whole kb");
    }

    public void Attended(TierRole role) => Count(role, 1);

    public void Departed(TierRole role) => Count(role, -1);

    public void Began(TierTransfer transfer) =>
        _transfers.Add(1, new KeyValuePair<string, object?>("kind", TierWords.Of(transfer.Kind)));

    public void Failed(TierFault fault) =>
        _faults.Add(1, new KeyValuePair<string, object?>("fault", StateWord.Of(fault)));

    public void Completed(TimeSpan makespan) => _makespan.Record(makespan.TotalSeconds);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Count(TierRole role, int members) =>
        _members.Add(members, new KeyValuePair<string, object?>("role", StateWord.Of(role)));
}
