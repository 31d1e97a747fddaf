using System.Text;
using Shoal.Cli.Rendering;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Simulate;

/// <summary>What each link of a star carries when, as a picture.</summary>
internal sealed class StarPicture(string title, int peers)
{
    private readonly GanttChart _chart = new(
        title, [.. Enumerable.Range(1, peers).Select(peer => $"peer {peer}")], ["upload", "download", "messages"]);

    /// <summary>Takes an occupation.</summary>
    public void Take(Occupation seen) => _chart.Add(seen.Link, KindOf(seen.Kind), seen.Start, seen.End);

    /// <summary>Writes the picture.</summary>
    public void Write(Stream stream, VirtualTime makespan)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        _chart.Write(writer, makespan);
    }

    private static int KindOf(OccupationKind kind) => kind switch
    {
        OccupationKind.Upload => 0,
        OccupationKind.Deliver => 1,
        _ => 2,
    };
}
