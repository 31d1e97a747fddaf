using System.CommandLine;
using System.CommandLine.Parsing;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Configuration;

/// <summary>The work of <c>shoal config</c>.</summary>
internal static class ConfigRun
{
    private const int NoteColumn = 44;

    public static Task<int> RunAsync(
        ConfigArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        var path = new Stack<Command>();
        for (Command? one = arguments.Asked; one is not null; one = one.Parents.OfType<Command>().FirstOrDefault())
        {
            path.Push(one);
        }

        path.Pop();
        int depth = 0;
        foreach (Command above in path)
        {
            Print(screen, depth++, $"{above.Name}:", null);
        }

        Tell(arguments, arguments.Asked, depth, screen);
        return Task.FromResult(ExitCode.Done);
    }

    // What would be printed of a command that has neither flags nor commands with flags is nothing.
    private static void Tell(ConfigArguments arguments, Command command, int depth, CommandScreen screen)
    {
        if (command is ShoalCommand { Action: not null } && command.Name != "config")
        {
            TellFlags(arguments, command, depth, screen);
        }

        foreach (Command below in command.Subcommands.Where(HasFlags))
        {
            Print(screen, depth, $"{below.Name}:", null);
            Tell(arguments, below, depth + 1, screen);
        }
    }

    private static bool HasFlags(Command command) => command.Name != "config"
        && (command is ShoalCommand { Action: not null } || command.Subcommands.Any(HasFlags));

    private static void TellFlags(ConfigArguments arguments, Command command, int depth, CommandScreen screen)
    {
        string[] words =
        [
            .. ShoalCommand.PathOf(command).Split(' ').Skip(1),
            .. arguments.File is { } file ? (string[])[$"{GlobalOptions.ConfigName}={file}"] : [],
        ];
        var sources = new SettingSources();
        ParseResult result = arguments.Root.Parse(
            [.. sources.Complete(arguments.Root.Parse(words), words, screen.Variable)]);
        if (result.Errors.FirstOrDefault(IsOfValue) is { } wrong)
        {
            throw new UsageException(wrong.Message);
        }

        EffectiveSettings settings = EffectiveSettings.Of(result, sources);
        foreach (Option option in SettingSources.OptionsOf(command))
        {
            string note = option.Required ? "required" : "not set";
            if (settings.All.FirstOrDefault(one => one.Flag == option.Name) is { } setting)
            {
                string value = string.Join(", ", setting.ShownValues.Select(Quote));
                Print(
                    screen, depth, $"{setting.Key}: {(setting.Values.Count > 1 ? $"[{value}]" : value)}",
                    setting.Source);
            }
            else
            {
                Print(screen, depth, $"# {option.Name.TrimStart('-')}: {option.HelpName}", note);
            }
        }
    }

    // Flags and arguments that are missing here may be given when the command is called.
    private static bool IsOfValue(ParseError error)
    {
        SymbolResult? result = error.SymbolResult;
        while (result is not (null or OptionResult))
        {
            result = result.Parent;
        }

        return result is OptionResult { Implicit: false };
    }

    private static string Quote(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c)
        || c is '.' or '/' or '_' or '-' or '+')
        ? value
        : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void Print(CommandScreen screen, int depth, string text, string? note)
    {
        string line = new string(' ', 2 * depth) + text;
        screen.Output.WriteLine(note is null ? line : $"{line.PadRight(NoteColumn)} # {note}");
    }
}
