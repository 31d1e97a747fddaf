using System.Text.RegularExpressions;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>A command that a page shows, and the output that it shows below it.</summary>
/// <param name="Line">The line of the page, from 1.</param>
/// <param name="Words">The words of the command.</param>
/// <param name="Shown">
/// The lines below it; <c>...</c> stands for any number of lines, or for a part of one.
/// </param>
internal sealed record PageCommand(int Line, string[] Words, IReadOnlyList<string> Shown)
{
    /// <summary>What a page of this repository calls the program when it is not built yet.</summary>
    private const string FromSource = "dotnet run --project src/Shoal.Cli -c Release -- ";

    /// <summary>The commands in the blocks of a page that are marked <c>console</c>.</summary>
    public static IEnumerable<PageCommand> Of(string page)
    {
        string[] lines = page.Split('\n');
        bool isInside = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                isInside = lines[i] == "```console";
            }
            else if (isInside && lines[i].StartsWith("$ ", StringComparison.Ordinal))
            {
                string text = lines[i][2..];
                int first = i + 1;
                while (text.EndsWith('\\'))
                {
                    text = text[..^1].TrimEnd() + " " + lines[++i].Trim();
                }

                string[] shown = [.. lines.Skip(i + 1).TakeWhile(line =>
                    !line.StartsWith("$ ", StringComparison.Ordinal)
                    && !line.StartsWith("```", StringComparison.Ordinal))];
                yield return new PageCommand(first, Split(text), shown);
            }
        }
    }

    /// <summary>The words of a command line, without what a person reads in it: the comment and the quotes.</summary>
    public static string[] Split(string line) =>
        CommandWords.Split(line.Replace(FromSource, "shoal ", StringComparison.Ordinal));

    /// <summary>Whether an output is the one that the page shows.</summary>
    public bool IsShown(IReadOnlyList<string> output) => Fits(Trimmed(Shown), 0, Trimmed(output), 0);

    public override string ToString() => string.Join(' ', Words);

    private static string[] Trimmed(IReadOnlyList<string> lines) =>
        [.. lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    private static bool Fits(string[] shown, int at, string[] output, int from) =>
        at == shown.Length
            ? from == output.Length
            : shown[at] == "..."
                ? Enumerable.Range(from, output.Length - from + 1).Any(next => Fits(shown, at + 1, output, next))
                : from < output.Length && IsLine(shown[at], output[from]) && Fits(shown, at + 1, output, from + 1);

    private static bool IsLine(string shown, string line) =>
        Regex.IsMatch(line, $@"\A{Regex.Escape(shown).Replace(@"\.\.\.", ".*", StringComparison.Ordinal)}\z");
}
