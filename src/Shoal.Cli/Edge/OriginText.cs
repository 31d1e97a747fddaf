using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>An origin's run for people.</summary>
internal static class OriginText
{
    public static void Write(OriginResult result, TextWriter output)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string clock = result.Clock is { } time
            ? string.Create(culture, $"; {time.Seconds:0.###} s by the virtual clock") : "";
        output.WriteLine($"makespan     {new Duration(result.Makespan)}{clock}");
        output.WriteLine(string.Create(
            culture,
            $"planned      {result.Planned.Seconds:0.###} s; lower bound {result.LowerBound.Seconds:0.###} s"));
        output.WriteLine(string.Create(
            culture, $"left origin  {result.OriginKb} kb for {result.DistinctKb} kb that are wanted, each once"));
        foreach (OriginEdge edge in result.Edges)
        {
            output.WriteLine(string.Create(
                culture,
                $"edge {edge.Name}: {edge.Hits} hits, {edge.Misses} misses; {edge.FilledKb} kb in, "
                + $"{edge.SentKb} kb out"));
        }

        foreach (OriginClient client in result.Clients)
        {
            output.WriteLine(string.Create(
                culture,
                $"client {client.Name}: {client.Files} files, {client.DirectFiles} of them straight; {client.Kb} kb"));
        }
    }
}
