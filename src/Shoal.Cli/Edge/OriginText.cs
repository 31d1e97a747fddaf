using Shoal.Cli.Parsing;
using Shoal.Core.Time;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>An origin's run for people.</summary>
internal static class OriginText
{
    private const long BytesPerKb = 125;

    public static void Write(OriginResult result, bool areRatesKnown, TextWriter output)
    {
        string clock = result.Clock is { } time ? $"; {Text(time)} by the virtual clock" : "";
        output.WriteLine($"makespan     {new Duration(result.Makespan)}{clock}");
        output.WriteLine(areRatesKnown
            ? $"planned      {Text(result.Planned)}; lower bound {Text(result.LowerBound)}"
            : "lower bound  unknown: it takes the rates of the links (--rates)");
        output.WriteLine(
            $"left origin  {Size(result.OriginKb)} for {Size(result.DistinctKb)} that are wanted, each once");
        foreach (OriginEdge edge in result.Edges)
        {
            output.WriteLine(
                $"edge {edge.Name}: {edge.Hits} hits, {edge.Misses} misses; {Size(edge.FilledKb)} in, "
                + $"{Size(edge.SentKb)} out");
        }

        foreach (OriginClient client in result.Clients)
        {
            output.WriteLine(
                $"client {client.Name}: {client.Files} files, {client.DirectFiles} of them straight; "
                + $"{Size(client.Kb)}");
        }
    }

    private static ByteSize Size(long kb) => new(kb * BytesPerKb);

    private static Duration Text(VirtualTime time) => new(time.ToTimeSpan());
}
