using System.CommandLine;
using System.CommandLine.Parsing;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Simulate;

/// <summary>The command line that does the same again, its random seed said, for a POSIX shell.</summary>
internal static class ReplayLine
{
    public static string Of(ParseResult result, Option<ulong> randomSeed)
    {
        bool hasSeed = result.Tokens.Any(token => token.Value == randomSeed.Name);
        return hasSeed ? Of(result) : $"{Of(result)} {randomSeed.Name} {result.GetValue(randomSeed)}";
    }

    /// <summary>The same, where nothing is drawn.</summary>
    public static string Of(ParseResult result)
    {
        IEnumerable<string> words = result.Tokens
            .SkipWhile(token => token.Type != TokenType.Option).Select(token => Quote(token.Value));
        return string.Join(' ', [ShoalCommand.PathOf(result.CommandResult.Command), .. words]);
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=:,./%+@".Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
