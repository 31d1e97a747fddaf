using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Configuration;

/// <summary>The work of <c>shoal config</c>.</summary>
internal static class ConfigRun
{
    private const int NoteColumn = 44;

    public static Task<int> RunAsync(
        ConfigArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        if (arguments.IsJson)
        {
            SettingsDocument[] all = [.. Documents(arguments, arguments.Asked, screen)];
            screen.Output.WriteLine(
                JsonSerializer.Serialize(all, SettingsJson.Default.IReadOnlyListSettingsDocument));
            return Task.FromResult(ExitCode.Done);
        }

        var path = new Stack<Command>();
        for (Command? one = arguments.Asked; one is not null; one = one.Parents.OfType<Command>().FirstOrDefault())
        {
            path.Push(one);
        }

        path.Pop();
        // All or nothing: what is wrong with the file of --config shows only on the way.
        var page = new StringWriter { NewLine = screen.Output.NewLine };
        CommandScreen told = screen with { Output = page };
        int depth = 0;
        foreach (Command above in path)
        {
            Print(told, depth++, $"{above.Name}:", null);
        }

        Tell(arguments, arguments.Asked, depth, told);
        screen.Output.Write(page);
        return Task.FromResult(ExitCode.Done);
    }

    private static IEnumerable<SettingsDocument> Documents(
        ConfigArguments arguments, Command command, CommandScreen screen)
    {
        IEnumerable<SettingsDocument> below = command.Subcommands.Where(HasFlags)
            .SelectMany(sub => Documents(arguments, sub, screen));
        return IsTold(command)
            ? below.Prepend(new SettingsDocument(
                ShoalCommand.PathOf(command),
                [.. FlagsOf(arguments, command, screen).Select(one => new FlagDocument(
                    one.Option.Name, one.Option.Required, one.Setting?.ShownValues ?? [], one.Setting?.Source))]))
            : below;
    }

    // What would be printed of a command that has neither flags nor commands with flags is nothing.
    private static void Tell(ConfigArguments arguments, Command command, int depth, CommandScreen screen)
    {
        if (IsTold(command))
        {
            TellFlags(arguments, command, depth, screen);
        }

        foreach (Command below in command.Subcommands.Where(HasFlags))
        {
            Print(screen, depth, $"{below.Name}:", null);
            Tell(arguments, below, depth + 1, screen);
        }
    }

    private static bool HasFlags(Command command) => IsTold(command) || command.Subcommands.Any(HasFlags);

    private static bool IsTold(Command command) => command is ShoalCommand { IsSettable: true };

    private static void TellFlags(ConfigArguments arguments, Command command, int depth, CommandScreen screen)
    {
        foreach ((Option option, Setting? setting) in FlagsOf(arguments, command, screen))
        {
            if (setting is not null)
            {
                string value = string.Join(", ", setting.ShownValues.Select(Quote));
                Print(
                    screen, depth, $"{setting.Key}: {(setting.Values.Count > 1 ? $"[{value}]" : value)}",
                    setting.Source);
            }
            else
            {
                string note = option.Required ? "required" : "not set";
                Print(screen, depth, $"# {option.Name.TrimStart('-')}: {option.HelpName}", note);
            }
        }
    }

    private static (Option Option, Setting? Setting)[] FlagsOf(
        ConfigArguments arguments, Command command, CommandScreen screen)
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
        return
        [
            .. SettingSources.OptionsOf(command).Select(
                option => (option, settings.All.FirstOrDefault(one => one.Flag == option.Name))),
        ];
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
