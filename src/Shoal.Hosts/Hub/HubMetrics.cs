using System.Diagnostics.Metrics;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Hub;

/// <summary>What a hub measures.</summary>
internal sealed class HubMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Hub";

    private readonly Meter _meter;
    private readonly UpDownCounter<int> _members;
    private readonly UpDownCounter<int> _swarms;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _disconnects;
    private readonly Histogram<double> _makespan;
    private readonly Histogram<double> _ratio;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    public HubMetrics(IMeterFactory? factory)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _members = _meter.CreateUpDownCounter<int>("shoal.hub.members", "{member}", "Members that are present");
        _swarms = _meter.CreateUpDownCounter<int>("shoal.hub.swarms", "{swarm}", "Swarms with members");
        _messages = _meter.CreateCounter<long>("shoal.hub.messages", "{message}", "Messages, by direction");
        _disconnects = _meter.CreateCounter<long>(
            "shoal.hub.disconnects", "{connection}", "Connections that were closed for something that was wrong");
        _makespan = _meter.CreateHistogram<double>("shoal.hub.makespan", "s", "Makespans of runs");
        _ratio = _meter.CreateHistogram<double>("shoal.hub.ratio", "1", "Makespans of runs over their lower bounds");
    }

    public void MemberJoined() => _members.Add(1);

    public void MemberGone() => _members.Add(-1);

    public void SwarmBegan() => _swarms.Add(1);

    public void SwarmEnded() => _swarms.Add(-1);

    public void Received() => _messages.Add(1, new KeyValuePair<string, object?>("direction", "receive"));

    public void Sent() => _messages.Add(1, new KeyValuePair<string, object?>("direction", "send"));

    public void Disconnected() => _disconnects.Add(1);

    public void Finished(ExchangeReport report)
    {
        _makespan.Record(report.Makespan.TotalSeconds);
        if (report.Ratio is { } ratio)
        {
            _ratio.Record(ratio);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
