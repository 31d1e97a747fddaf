using System.Collections.Immutable;
using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The flags that settle a draw before its first bet: who takes part, and which number wins.</summary>
internal sealed class TermsOptions
{
    private const int DefaultAgencies = 5;

    private readonly Option<int?> _agencies = TypedOption.Optional<int>(
        "--agencies", "N",
        $"The roster: agencies 1 to N; {DefaultAgencies} unless named. The draw is held when all have closed",
        WholeNumber.From(1, DrawTerms.LargestRoster));

    private readonly Option<string?> _roster = CommonOptions.Text(
        "--roster", "FILE", "The roster from a file instead: the agencies' numbers, one a line");

    private readonly Option<int> _winning = TypedOption.WithDefault<int>(
        "--winning-number", "N", "The number that wins", WholeNumber.From(0, BetRules.HighestNumber), "7574");

    /// <summary>Gives a command the flags.</summary>
    public TermsOptions(ShoalCommand command)
    {
        command.Add(_agencies);
        command.Add(_roster);
        command.Add(_winning);
        command.AddAlternatives(_agencies, _roster);
    }

    /// <summary>What the flags said of a draw.</summary>
    public DrawTerms Of(DrawName draw, ParseResult result) =>
        new(draw, RosterOf(result), result.GetValue(_winning));

    private ImmutableArray<AgencyId> RosterOf(ParseResult result)
    {
        int? agencies = result.GetValue(_agencies);
        if (result.GetValue(_roster) is not { } file)
        {
            return [.. Enumerable.Range(1, agencies ?? DefaultAgencies).Select(one => new AgencyId(one))];
        }

        return agencies is null
            ? Read(file)
            : throw new UsageException("--roster: the roster is in a file or a number; give --roster or --agencies.");
    }

    private static ImmutableArray<AgencyId> Read(string file)
    {
        var roster = new SortedDictionary<int, AgencyId>();
        int line = 0;
        foreach (string text in ReadLines(file))
        {
            line++;
            string word = text.Split('#')[0].Trim();
            if (word.Length == 0)
            {
                continue;
            }

            if (!AgencyId.TryParse(word, out AgencyId agency))
            {
                throw new WorkFailedException(
                    $"--roster: line {line} of {file} is '{word}', not the number of an agency; write one a line.");
            }

            if (!roster.TryAdd(agency.Value, agency) || roster.Count > DrawTerms.LargestRoster)
            {
                throw new WorkFailedException(roster.Count > DrawTerms.LargestRoster
                    ? $"--roster: {file} has more than {DrawTerms.LargestRoster} agencies."
                    : $"--roster: {file} has agency {agency} twice, again in line {line}.");
            }
        }

        return roster.Count > 0
            ? [.. roster.Values]
            : throw new WorkFailedException($"--roster: {file} has no agencies; write their numbers, one a line.");
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--roster: {ReadFailure.Of(file, e)}", e);
        }
    }
}
