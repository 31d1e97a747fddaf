using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Shoal.Cli.Frame;

/// <summary>Adds examples and the exit codes to the help of every command.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction plain, IReadOnlyList<string> rootExamples)
    : SynchronousCommandLineAction
{
    private const int MostColumns = 110;

    private static readonly string[] s_ends = [". ", ": "];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes the help of a command tree show the examples, and fit the screen.</summary>
    public static void Install(RootCommand root, CommandScreen screen, params string[] rootExamples)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        var plain = (HelpAction)option.Action!;
        plain.MaxWidth = Math.Min(MostColumns, screen.Width);
        option.Description = "Show this help";
        option.Action = new HelpWithExamples(plain, rootExamples);
    }

    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        int code = InvokePlain(parseResult, command);
        IReadOnlyList<string> examples = command is ShoalCommand own ? own.Examples : rootExamples;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        output.WriteLine("Exit codes: 0 done, 1 the work failed, 2 the command line was wrong.");
        return code;
    }

    // What stands in a list of commands is what each does; how, its own help says.
    private int InvokePlain(ParseResult parseResult, Command command)
    {
        string?[] whole = [.. command.Subcommands.Select(sub => sub.Description)];
        foreach (Command sub in command.Subcommands)
        {
            sub.Description = BeginningOf(sub.Description ?? "");
        }

        int code = plain.Invoke(parseResult);
        foreach ((Command sub, string? description) in command.Subcommands.Zip(whole))
        {
            sub.Description = description;
        }

        return code;
    }

    private static string BeginningOf(string description) =>
        description.Split(s_ends, StringSplitOptions.None)[0].TrimEnd('.');
}
