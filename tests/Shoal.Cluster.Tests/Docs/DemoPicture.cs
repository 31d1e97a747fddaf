using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>The picture of the demo that README shows, held against what a demo says.</summary>
internal static partial class DemoPicture
{
    /// <summary>
    /// A line of either is a line of the other, but for what differs from run to run: numbers, folders, and whose link
    /// is the one that limits it. Made anew by <c>tools/picture.py</c>.
    /// </summary>
    public static void Check(IEnumerable<string> said)
    {
        IEnumerable<string> drawn = Line().Matches(File.ReadAllText(PathOf()))
            .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value).Replace('\u00A0', ' '))
            .Where(line => line != "$ shoal demo");
        Assert.Equal(Plain(said), Plain(drawn));
    }

    private static string[] Plain(IEnumerable<string> lines) =>
    [
        .. string.Join('\n', lines).Replace(" \\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith("all peers: ", StringComparison.Ordinal)
                && !line.StartsWith("Files, logs and reports are in ", StringComparison.Ordinal))
            .Select(PlainLine).Order(StringComparer.Ordinal),
    ];

    private static string PlainLine(string line)
    {
        string plain = Folder().Replace(line, "/");
        plain = Number().Replace(plain, "#");
        plain = Unit().Replace(plain, "#");
        plain = Spaces().Replace(plain, " ").Trim();
        plain = Numbers().Replace(plain, "#");
        return Limit().Replace(plain, "a link, ");
    }

    private static string PathOf([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "..", "..", "docs", "images", "demo.svg"));

    [GeneratedRegex("<text[^>]*>([^<]*)</text>")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<= )/\S+")]
    private static partial Regex Folder();

    [GeneratedRegex(@"[0-9]+([.,:][0-9]+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"# (ms|s|min|kB|MB|GB)\b")]
    private static partial Regex Unit();

    [GeneratedRegex("#( #)+")]
    private static partial Regex Numbers();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(download|upload) of \w+#, ")]
    private static partial Regex Limit();
}
