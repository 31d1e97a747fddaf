using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;
using Shoal.Core.Exchange;

namespace Shoal.Cli.Bound;

/// <summary>Does the work of <c>shoal bound</c>.</summary>
internal static class BoundWork
{
    private const int MostTerms = 5;

    public static Task<int> RunAsync(
        ScenarioArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        if (arguments.AsJson)
        {
            screen.Output.WriteLine(
                JsonSerializer.Serialize(BoundDocument.Of(arguments), BoundJson.Default.BoundDocument));
            return Task.FromResult(ExitCode.Done);
        }

        foreach (string line in Lines(arguments))
        {
            screen.Output.WriteLine(line);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static IEnumerable<string> Lines(ScenarioArguments arguments)
    {
        BoundResult bound = arguments.Bound;
        yield return arguments.Title;
        foreach (string line in BoundText.Lines(bound, arguments.SiteNames))
        {
            yield return line;
        }

        if (arguments.Scenario.IsRelayOnly)
        {
            string eachPair = BoundText.Seconds(MakespanBound.RelayEachPair(arguments.Shape).Seconds);
            yield return $"each pair    {eachPair} at best, "
                + "if every copy passes the hub on its own";
        }
        else
        {
            string direct = BoundText.Seconds(MakespanBound.Direct(arguments.Scenario.Shape).Seconds);
            yield return $"direct only  {direct} at best, "
                + "if nobody forwards";
        }

        BoundTerm[] others =
            [.. bound.Terms.Where(term => term != bound.Binding).OrderByDescending(term => term.Seconds)];
        foreach (BoundTerm term in others.Take(MostTerms))
        {
            string constraint = BoundText.Constraint(term, arguments.SiteNames);
            yield return $"also         {BoundText.Seconds(term.Seconds)}  {constraint}";
        }

        if (others.Length > MostTerms)
        {
            yield return $"and {others.Length - MostTerms} lower ones (--json has them all)";
        }
    }
}
