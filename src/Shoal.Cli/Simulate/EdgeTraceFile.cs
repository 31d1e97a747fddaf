using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Shoal.Cli.Reports;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>
/// The file of <c>--trace</c>: a JSON object a line, times in milliseconds, exact to the nanosecond; what ended first
/// comes first. Enough to check every rule of the model from outside.
/// </summary>
internal static class EdgeTraceFile
{
    /// <summary>Writes a trace.</summary>
    /// <exception cref="Frame.WorkFailedException">It cannot be written.</exception>
    public static void Write(string path, ImmutableArray<EdgeTraceEntry> trace, EdgeDemand demand)
    {
        using var file = WholeFile.Create("--trace", path);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true))
        {
            foreach (EdgeTraceEntry entry in trace)
            {
                writer.Write(LineOf(entry, demand));
                writer.Write('\n');
            }
        }

        file.Complete();
    }

    private static string LineOf(EdgeTraceEntry entry, EdgeDemand demand) => entry switch
    {
        EdgeTraceEntry.Moved { Transfer: var transfer } moved =>
            $$"""
            {"start":{{Ms(moved.Start)}},"end":{{Ms(moved.End)}},"from":"{{From(transfer)}}","to":"{{To(transfer)}}",
            """ + $$"""
            "file":{{Number(demand.Numbers[transfer.File])}}}
            """,
        EdgeTraceEntry.Evicted gone =>
            $$"""
            {"evict":{{Ms(gone.Time)}},"edge":{{Number(gone.Edge + 1)}},"file":{{Number(demand.Numbers[gone.File])}}}
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    private static string From(EdgeTransfer transfer) =>
        transfer.Kind == TransferKind.Delivery ? $"edge{Number(transfer.Edge + 1)}" : "origin";

    private static string To(EdgeTransfer transfer) => transfer.Kind == TransferKind.Fill
        ? $"edge{Number(transfer.Edge + 1)}"
        : $"client{Number(transfer.Client + 1)}";

    private static string Ms(VirtualTime time) =>
        (time.Nanoseconds / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
