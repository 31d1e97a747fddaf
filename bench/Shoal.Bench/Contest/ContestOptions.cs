using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Contest;

/// <summary>What all contests are told.</summary>
internal static class ContestOptions
{
    /// <summary>How many peers exchange.</summary>
    public static Option<int> Peers { get; } = TypedOption.WithDefault(
        "--peers", "N", "How many peers", WholeNumber.From(2, 64), "4");

    /// <summary>When a run is given up.</summary>
    public static Option<Duration> Longest { get; } = TypedOption.WithDefault<Duration>(
        "--longest", "SECONDS", "A run is ended after this", Duration.TryParse, "120s");

    /// <summary>The program.</summary>
    public static Option<string?> Program { get; } = CommonOptions.Text(
        "--program", "FILE", "The built program 'shoal'; without it Shoal does not take part");

    /// <summary>Who takes part, if not all.</summary>
    public static Option<string[]> Only { get; } = TypedOption.Repeated<string>(
        "--only", "NAME", "Only this contestant; may be given again", TryParseName);

    private static bool TryParseName(string text, out string name, [NotNullWhen(false)] out string? reason)
    {
        name = text;
        reason = text.Length == 0 ? "the name is empty" : null;
        return reason is null;
    }
}
