using System.Diagnostics.Metrics;
using Shoal.Core.Members;

namespace Shoal.Hosts.Members;

/// <summary>The figures of a hub's directory, for whoever listens with <c>System.Diagnostics.Metrics</c>.</summary>
internal sealed class MembersMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<int> _batches;

    public MembersMetrics(IMeterFactory meters, Func<int> openConnections)
    {
        Meter meter = meters.Create("Shoal.Directory");
        _requests = meter.CreateCounter<long>("shoal.directory.requests", "{request}", "Requests answered");
        _batches = meter.CreateHistogram<int>(
            "shoal.directory.commit.changes", "{change}", "Changes that one commit made durable");
        meter.CreateObservableUpDownCounter(
            "shoal.directory.connections", openConnections, "{connection}", "Connections that are open");
    }

    public void Answered(DirectoryOperation operation, DirectoryResult result) => _requests.Add(
        1,
        new KeyValuePair<string, object?>("operation", operation.ToString()),
        new KeyValuePair<string, object?>("result", result.ToString()));

    public void Committed(int changes) => _batches.Record(changes);
}
