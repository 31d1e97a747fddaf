using System.CommandLine;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Configuration;

/// <summary>
/// Completes a command line with flags from the environment and from a file, and remembers where each comes from. What
/// was written on the command line counts before the environment, and that before the file.
/// </summary>
internal sealed class SettingSources
{
    private const string FileVariable = "SHOAL_CONFIG";

    private readonly Dictionary<string, string> _origins = [];

    /// <summary>The file that was read; null: none.</summary>
    public string? FilePath { get; private set; }

    /// <summary>The arguments with everything that they leave to others.</summary>
    /// <param name="parsed">The command line as it was written.</param>
    /// <param name="args">The same as words.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="WorkFailedException">The file cannot be read.</exception>
    /// <exception cref="UsageException">The file or a variable is wrong; the message names it.</exception>
    public IReadOnlyList<string> Complete(
        ParseResult parsed, IReadOnlyList<string> args, Func<string, string?> variable)
    {
        if (parsed.CommandResult.Command is not ShoalCommand { IsSettable: true } command
            || parsed.Action is HelpWithExamples)
        {
            return args;
        }

        var given = new HashSet<string>();
        foreach (Option option in OptionsOf(command))
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                Note(command, option, Setting.FromFlag, given);
            }
        }

        var words = new List<string>();
        AddFromEnvironment(command, variable, given, words);
        if (FileOf(parsed, variable) is { } path)
        {
            FilePath = path;
            AddFromFile(SettingsFile.Read(path, parsed.RootCommandResult.Command), command, given, words);
        }

        // What stands behind "--" is no flag.
        int end = args.ToList().IndexOf("--");
        return end < 0 ? [.. args, .. words] : [.. args.Take(end), .. words, .. args.Skip(end)];
    }

    /// <summary>Where a flag's value comes from.</summary>
    public string OriginOf(Option option) => _origins.GetValueOrDefault(option.Name, Setting.FromDefault);

    /// <summary>The flags that a command has, those of all commands included.</summary>
    public static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> own = command.Options.Where(option => option is not VersionOption
            && option.Action is null && option.Name != GlobalOptions.ConfigName);
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? own.Concat(OptionsOf(parent).Where(option => option.Recursive))
            : own;
    }

    private void AddFromEnvironment(
        ShoalCommand command, Func<string, string?> variable, HashSet<string> given, List<string> words)
    {
        // Alternatives of one source are all taken: the command itself says that they exclude each other.
        var found = new List<(Option Option, string Where)>();
        foreach (Option option in OptionsOf(command).Where(option => !given.Contains(option.Name)))
        {
            foreach ((string name, Func<string, string> read) in VariableNames.Of(command, option))
            {
                if (variable(name) is { Length: > 0 } text)
                {
                    string[] values = IsRepeated(option) ? text.Split(',') : [text];
                    words.AddRange(values.SelectMany(value => WordsOf(option, read(value), name)));
                    found.Add((option, name));
                    break;
                }
            }
        }

        found.ForEach(one => Note(command, one.Option, one.Where, given));
    }

    private void AddFromFile(
        SettingsFile file, ShoalCommand command, HashSet<string> given, List<string> words)
    {
        var found = new List<(Option Option, string Where)>();
        foreach (Option option in OptionsOf(command).Where(option => !given.Contains(option.Name)))
        {
            if (file.Find(command, option) is { } setting)
            {
                if (setting.Values.Count != 1 && !IsRepeated(option))
                {
                    throw new UsageException($"{option.Name}: it has one value, not several. See {setting.Where}.");
                }

                words.AddRange(setting.Values.SelectMany(value => WordsOf(option, value, setting.Where)));
                found.Add((option, setting.Where));
            }
        }

        found.ForEach(one => Note(command, one.Option, one.Where, given));
    }

    private void Note(ShoalCommand command, Option option, string where, HashSet<string> given)
    {
        _origins[option.Name] = where;
        given.Add(option.Name);
        given.UnionWith(command.AlternativesOf(option).Select(other => other.Name));
    }

    private static string[] WordsOf(Option option, string value, string where)
    {
        if (option.Arity.MaximumNumberOfValues > 0)
        {
            return [$"{option.Name}={value}"];
        }

        return value.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => [option.Name],
            "false" or "no" or "off" or "0" => [],
            _ => throw new UsageException($"{option.Name}: '{value}' is neither true nor false. See {where}."),
        };
    }

    private static bool IsRepeated(Option option) => option.Arity.MaximumNumberOfValues > 1;

    private static string? FileOf(ParseResult parsed, Func<string, string?> variable) =>
        parsed.RootCommandResult.Command.Options.FirstOrDefault(one => one.Name == GlobalOptions.ConfigName)
            is { } option && parsed.GetResult(option) is { Tokens: [var named] }
            ? named.Value
            : variable(FileVariable) is { Length: > 0 } path ? path : null;
}
