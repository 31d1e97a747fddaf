using System.Diagnostics.Metrics;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Audit;

/// <summary>What the log of operations measures.</summary>
internal sealed class AuditMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Audit";

    private readonly Meter _meter;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _dropped;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="kept">How many operations wait to be delivered.</param>
    public AuditMetrics(IMeterFactory? factory, Func<long> kept)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _delivered = _meter.CreateCounter<long>(
            "shoal.audit.operations.delivered", "{operation}", "Operations that the other side confirmed");
        _dropped = _meter.CreateCounter<long>(
            "shoal.audit.operations.dropped", "{operation}", "Operations that a limit did not let in");
        _meter.CreateObservableUpDownCounter(
            "shoal.audit.operations.kept", kept, "{operation}", "Operations that wait to be delivered");
    }

    public void Delivered(int operations) => _delivered.Add(operations);

    public void Dropped(int operations) => _dropped.Add(operations);

    public void Dispose() => _meter.Dispose();
}
