namespace Shoal.Cli.Parsing;

/// <summary>Names of swarms and of their members.</summary>
internal static class SwarmName
{
    /// <summary>No name has more characters than this.</summary>
    public const int Longest = 100;

    /// <summary>What is wrong with a name; null: nothing.</summary>
    public static string? ProblemOf(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "the name is empty",
        { Length: > Longest } => $"the name is longer than {Longest} characters",
        _ when name.Any(char.IsControl) => "the name has a control character",
        _ => null,
    };
}
