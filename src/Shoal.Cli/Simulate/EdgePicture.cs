using System.Text;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;
using Shoal.Core.Edge;
using Shoal.Simulation.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>What each connection of an edge tier carries when, as a picture: the file of <c>--gantt</c>.</summary>
internal static class EdgePicture
{
    /// <summary>Draws a run.</summary>
    /// <exception cref="Frame.WorkFailedException">The file cannot be written.</exception>
    public static void Write(string path, string title, EdgeRun run)
    {
        (int clients, int edges) = (run.Clients.Count, run.Edges.Count);
        var chart = new GanttChart(
            title,
            [
                .. Enumerable.Range(1, clients).Select(client => $"origin > client {client}"),
                .. Enumerable.Range(1, edges).Select(edge => $"origin > edge {edge}"),
                .. Enumerable.Range(0, edges * clients).Select(
                    row => $"edge {(row / clients) + 1} > client {(row % clients) + 1}"),
            ],
            ["straight", "fill", "delivery"]);
        foreach (EdgeTraceEntry.Moved moved in run.Trace.OfType<EdgeTraceEntry.Moved>().OrderBy(one => one.Start))
        {
            EdgeTransfer transfer = moved.Transfer;
            int row = transfer.Kind switch
            {
                TransferKind.Direct => transfer.Client,
                TransferKind.Fill => clients + transfer.Edge,
                _ => clients + edges + (transfer.Edge * clients) + transfer.Client,
            };
            chart.Add(row, (int)transfer.Kind, moved.Start, moved.End);
        }

        using var file = WholeFile.Create("--gantt", path);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true))
        {
            chart.Write(writer, run.Makespan);
        }

        file.Complete();
    }
}
