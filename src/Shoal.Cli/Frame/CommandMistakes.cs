using System.CommandLine;
using System.CommandLine.Parsing;
using Shoal.Cli.Configuration;

namespace Shoal.Cli.Frame;

/// <summary>What is wrong with a command line, in sentences that say what to write instead.</summary>
internal sealed class CommandMistakes(ParseResult parsed, SettingSources sources)
{
    private readonly Command _command = parsed.CommandResult.Command;

    /// <summary>The sentences, each once; none: nothing is wrong.</summary>
    public IReadOnlyList<string> Tell() =>
        parsed.Errors.Count == 0 ? []
        : Sentences() is { Length: > 0 } said ? said
        : [.. parsed.Errors.Select(Explain)];

    /// <summary>Says that a command has no such flag.</summary>
    public static string NoFlag(string flag, Command command) => NoFlag(flag, command, OptionsOf(command));

    /// <inheritdoc cref="NoFlag(string, Command)"/>
    /// <param name="flag">What was written.</param>
    /// <param name="command">Where.</param>
    /// <param name="known">The flags that could have been meant.</param>
    public static string NoFlag(string flag, Command command, IEnumerable<Option> known)
    {
        string name = flag.Split('=')[0];
        return $"'{ShoalCommand.PathOf(command)}' has no flag '{name}'."
            + DidYouMean.Of(name, known.Select(option => option.Name).Distinct());
    }

    /// <summary>Says that there is no such command below another.</summary>
    public static string NoCommand(string name, Command command) =>
        $"'{ShoalCommand.PathOf(command)}' has no command '{name}'."
        + DidYouMean.Of(name, command.Subcommands.Select(sub => sub.Name));

    private string[] Sentences()
    {
        bool isWhole = _command.Action is not null;
        string[] unknown = isWhole ? UnknownWords() : [WrongCommand()];
        return [.. parsed.Errors.Where(IsOfValue).Select(Explain).Concat(Missing()).Concat(unknown).Distinct()];
    }

    private string WrongCommand() => parsed.UnmatchedTokens switch
    {
        [['-', _, ..] and var flag, ..] => NoFlag(flag, _command),
        [var name, ..] => NoCommand(name, _command),
        _ => $"'{ShoalCommand.PathOf(_command)}' wants a command: "
            + string.Join(", ", _command.Subcommands.Select(sub => sub.Name)) + ".",
    };

    // What stands behind an unknown flag is its value, or so its writer meant.
    private string[] UnknownWords()
    {
        string[] flags = [.. parsed.UnmatchedTokens.Where(word => word is ['-', _, ..])];
        bool isSaid = parsed.Errors.Any(error => error.SymbolResult is ArgumentResult { Tokens.Count: > 0 });
        return flags.Length > 0 || isSaid
            ? [.. flags.Select(flag => NoFlag(flag, _command))]
            : [.. parsed.UnmatchedTokens.Select(
                word => $"'{word}' is one word too many for '{ShoalCommand.PathOf(_command)}'.")];
    }

    private IEnumerable<string> Missing()
    {
        foreach (Argument argument in _command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0))
        {
            if (parsed.GetResult(argument) is not { Tokens.Count: > 0 })
            {
                yield return $"{argument.Name} is missing.";
            }
        }

        foreach (Option option in OptionsOf(_command))
        {
            OptionResult? result = parsed.GetResult(option);
            if (option.Required && result is null or { Implicit: true })
            {
                yield return $"{option.Name} {option.HelpName} is missing.";
            }
            else if (result is { Implicit: false, Tokens.Count: var count })
            {
                if (count < option.Arity.MinimumNumberOfValues)
                {
                    yield return $"{option.Name}: its value is missing; give a {option.HelpName}.";
                }
                else if (count > option.Arity.MaximumNumberOfValues)
                {
                    yield return $"{option.Name}: it can be given once, not {count} times.";
                }
            }
        }
    }

    private static IEnumerable<Option> OptionsOf(Command command) => command.Options.Concat(
        command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));

    // The rest speaks of words that are missing or too many, which is said above.
    private static bool IsOfValue(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Parent: OptionResult { Option.Arity: var arity }, Tokens.Count: var count } =>
            count >= arity.MinimumNumberOfValues && count <= arity.MaximumNumberOfValues,
        OptionResult { Implicit: false, Option.Arity: var arity, Tokens.Count: var count } =>
            count >= arity.MinimumNumberOfValues && count <= arity.MaximumNumberOfValues,
        ArgumentResult { Tokens.Count: > 0 } => true,
        _ => false,
    };

    // A wrong value that the user did not write here and now is found by its place.
    private string Explain(ParseError error)
    {
        SymbolResult? result = error.SymbolResult;
        while (result is not (null or OptionResult))
        {
            result = result.Parent;
        }

        return result is OptionResult { Option: var option, Implicit: false }
            && sources.OriginOf(option) is not (Setting.FromFlag or Setting.FromDefault) and var origin
                ? $"{error.Message} It comes from {origin}."
                : error.Message;
    }
}
