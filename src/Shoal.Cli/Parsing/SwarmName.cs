using System.CommandLine;
using System.CommandLine.Parsing;

namespace Shoal.Cli.Parsing;

/// <summary>Names of swarms and of their members.</summary>
internal static class SwarmName
{
    /// <summary>No name has more characters than this.</summary>
    public const int Longest = 100;

    /// <summary>An option whose value is a name.</summary>
    public static Option<string?> Option(string flag, string description)
    {
        Option<string?> option = CommonOptions.Text(flag, "NAME", description);
        option.Validators.Add(result => Check(result, flag));
        return option;
    }

    /// <summary>Refuses a bad name.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="what">The flag or argument, as errors call it.</param>
    public static void Check(SymbolResult result, string what)
    {
        if (result.Tokens is [{ Value: var name }] && ProblemOf(name) is { } problem)
        {
            result.AddError($"{what}: {problem}.");
        }
    }

    /// <summary>What is wrong with a name; null: nothing.</summary>
    public static string? ProblemOf(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "the name is empty",
        { Length: > Longest } => $"the name is longer than {Longest} characters",
        _ when name.Any(char.IsControl) => "the name has a control character",
        _ => null,
    };
}
