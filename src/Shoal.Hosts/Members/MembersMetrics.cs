using System.Diagnostics.Metrics;
using Shoal.Core.Members;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Members;

/// <summary>The figures of a hub's directory, for whoever listens with <c>System.Diagnostics.Metrics</c>.</summary>
internal sealed class MembersMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Shoal.Directory";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<int> _batches;

    /// <param name="factory">Makes and owns the meter; null: it is made here.</param>
    /// <param name="openConnections">How many connections are open now.</param>
    public MembersMetrics(IMeterFactory? factory, Func<int> openConnections)
    {
        _meter = OpenMeter.Of(factory, MeterName);
        _requests = _meter.CreateCounter<long>("shoal.directory.requests", "{request}", "Requests answered");
        _batches = _meter.CreateHistogram<int>(
            "shoal.directory.commit.changes", "{change}", "Changes that one commit made durable");
        _meter.CreateObservableUpDownCounter(
            "shoal.directory.connections", openConnections, "{connection}", "Connections that are open");
    }

    public void Answered(DirectoryOperation operation, DirectoryResult result) => _requests.Add(
        1,
        new KeyValuePair<string, object?>("operation", StateWord.Of(operation)),
        new KeyValuePair<string, object?>("result", StateWord.Of(result)));

    public void Committed(int changes) => _batches.Record(changes);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
