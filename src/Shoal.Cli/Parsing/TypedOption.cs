using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Parsing;

/// <summary>Reads a value, or says in a sentence what is wrong with the text and how to write it.</summary>
internal delegate bool TextParser<T>(string text, out T value, [NotNullWhen(false)] out string? reason);

/// <summary>
/// Options whose values are read by this program, so that every error names the flag and says what to do.
/// </summary>
internal static class TypedOption
{
    /// <summary>An option that may be left out; then its value is null.</summary>
    public static Option<T?> Optional<T>(string name, string valueName, string description, TextParser<T> parser)
        where T : struct => new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(result, name, parser),
        };

    /// <summary>
    /// An option that may be left out; then it has its default value, which the help shows as people write
    /// it.
    /// </summary>
    public static Option<T> WithDefault<T>(
        string name, string valueName, string description, TextParser<T> parser, string defaultText)
        where T : struct => new DefaultedOption<T>(name, defaultText)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(result, name, parser),
            DefaultValueFactory = _ => parser(defaultText, out T value, out string? reason)
                ? value
                : throw new FormatException(reason),
        };

    /// <summary>An option that must be given.</summary>
    public static Option<T> Required<T>(string name, string valueName, string description, TextParser<T> parser)
        where T : struct => new(name)
        {
            HelpName = valueName,
            Description = description,
            Required = true,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(result, name, parser),
        };

    /// <summary>An option that may be given many times.</summary>
    public static Option<T[]> Repeated<T>(string name, string valueName, string description, TextParser<T> parser) =>
        new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => ReadAll(result, name, parser),
            DefaultValueFactory = _ => [],
        };

    /// <summary>An argument that must be given.</summary>
    public static Argument<T> Argument<T>(string name, string description, TextParser<T> parser)
        where T : struct => new(name)
        {
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(result, name, parser),
        };

    private static T Read<T>(ArgumentResult result, string name, TextParser<T> parser)
        where T : struct
    {
        // More or fewer tokens than one are reported by the arity.
        if (result.Tokens is not [var token])
        {
            return default;
        }

        if (!parser(token.Value, out T value, out string? reason))
        {
            result.AddError($"{name}: {reason}.");
        }

        return value;
    }

    private static T[] ReadAll<T>(ArgumentResult result, string name, TextParser<T> parser)
    {
        var values = new List<T>();
        foreach (Token token in result.Tokens)
        {
            if (!parser(token.Value, out T value, out string? reason))
            {
                result.AddError($"{name}: {reason}.");
                break;
            }

            values.Add(value);
        }

        return [.. values];
    }

    /// <summary>An option with a few words to choose from, the first by default.</summary>
    public static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            HelpName = string.Join('|', choices),
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => choices[0],
        };
        option.Validators.Add(result => RefuseOthers(result, name, choices));
        option.CompletionSources.Add(choices);
        return option;
    }

    /// <summary>Refuses a word that is none of a few.</summary>
    public static void RefuseOthers(SymbolResult result, string name, IReadOnlyList<string> choices)
    {
        if (result.Tokens is [{ Value: var word }] && !choices.Contains(word))
        {
            result.AddError(
                $"{name}: '{word}' is none of {string.Join(", ", choices)}.{DidYouMean.Of(word, choices)}");
        }
    }
}
