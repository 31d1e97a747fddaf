using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Audit;

/// <summary>What the log of operations counts.</summary>
internal sealed class AuditMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Audit";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _dropped;

    /// <param name="kept">How many operations wait to be delivered.</param>
    public AuditMetrics(Func<long> kept)
    {
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
