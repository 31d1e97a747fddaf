using System.CommandLine;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Configuration;

/// <summary>The environment variables that stand for a command's flags.</summary>
internal static class VariableNames
{
    /// <summary>The beginning of all of our own.</summary>
    public const string Prefix = "SHOAL_";

    // Variables that had a meaning before they could stand for a flag.
    private static readonly Dictionary<string, string?> s_taken = new()
    {
        // SHOAL_KEY is the key itself, --key names its file.
        ["SHOAL_KEY"] = "SHOAL_KEY_FILE",
        ["SHOAL_TRACE"] = null,

        [Leash.Variable] = null,
    };

    // What programs set that Shoal takes the place of.
    private static readonly (string Command, string Flag, string Variable, Func<string, string> Read)[] s_foreign =
    [
        ("shoal lottery serve", "--listen", "SERVER_PORT", port => $"0.0.0.0:{port}"),
        ("shoal lottery agency", "--id", "CLI_ID", value => value),
        ("shoal lottery agency", "--hub", "CLI_SERVER_ADDRESS", value => value),
        ("shoal lottery agency", "--batch", "CLI_BETS_DATA_BETS_PER_CHUNK", value => value),
        ("shoal lottery agency", "--look", "CLI_LOOP_PERIOD", value => value),
    ];

    /// <summary>The variables of a flag, the most particular first, with how each is read.</summary>
    public static IEnumerable<(string Variable, Func<string, string> Read)> Of(Command command, Option option)
    {
        string path = ShoalCommand.PathOf(command);
        yield return (OwnOf(path, option), Same);
        string general = Prefix + Upper(option.Name);
        if ((s_taken.TryGetValue(general, out string? other) ? other : general) is { } free)
        {
            yield return (free, Same);
        }

        foreach ((string foreign, string flag, string variable, Func<string, string> read) in s_foreign)
        {
            if (foreign == path && flag == option.Name)
            {
                yield return (variable, read);
            }
        }

        if (option.Name == GlobalOptions.LogLevelName)
        {
            yield return ("LOGGING_LEVEL", value => value.ToLowerInvariant());
        }
    }

    private static string OwnOf(string path, Option option) => $"{Upper(path)}_{Upper(option.Name)}";

    private static string Same(string value) => value;

    private static string Upper(string name) =>
        name.TrimStart('-').Replace('-', '_').Replace(' ', '_').ToUpperInvariant();
}
