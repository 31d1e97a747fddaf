using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Configuration;

/// <summary>The flags that every command has.</summary>
internal static class GlobalOptions
{
    /// <summary>Names the file with settings.</summary>
    public const string ConfigName = "--config";

    /// <summary>Says how much the console shows.</summary>
    public const string LogLevelName = "--log-level";

    /// <summary>Gives them to all commands below a root.</summary>
    public static void Add(RootCommand root)
    {
        Option<string?> config = CommonOptions.Text(
            ConfigName, "FILE", "Read flags that are given neither here nor in the environment from a YAML file");
        config.Recursive = true;
        Option<string> level = TypedOption.Choice(
            LogLevelName, "The least that the console shows of the log", "info", "debug", "warning", "error");
        level.Recursive = true;
        root.Add(config);
        root.Add(level);
    }
}
