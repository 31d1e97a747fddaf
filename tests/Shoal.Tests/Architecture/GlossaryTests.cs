using System.Text.RegularExpressions;

namespace Shoal.Tests.Architecture;

/// <summary>docs/glossary.md says which words are never used; the names and the pages keep to it.</summary>
public sealed partial class GlossaryTests
{
    // Where a word is right all the same: it is a framework's or an outside protocol's, or means something
    // else.
    private static readonly (string Word, string Files, string Why)[] s_allowed =
    [
        ("node", "src/Shoal.Storage/Files/HandleCache.cs", "LinkedListNode"),
        ("segment", "src/Shoal.Core/Content/", "a segment of a path, as RFC 3986 calls it"),
        ("segment", "src/Shoal.Storage/", "a segment of a path, as RFC 3986 calls it"),
        ("segment", "src/Shoal.Core/Wire/", "ReadOnlySequence.IsSingleSegment"),
        ("block", "src/Shoal.Storage/", "what a file system counts its space in"),
        ("block", "src/Shoal.Cli/Key/KeySource.cs", "TextReader.ReadBlock"),
        ("block", "src/Shoal.Cli/Rendering/TextWidth.cs", "a block of Unicode"),
        ("block", "src/Shoal.Cli/Logging/LogFile.cs", "to block, a verb"),
        ("piece", "bench/Shoal.Bench/Aria2/", "the format of BitTorrent's metainfo"),
        ("torrent", "bench/Shoal.Bench/Aria2/", "the format of BitTorrent's metainfo"),
        ("server", "src/Shoal.Hosts/Members/RequestLine.cs", "a line that other directories print"),
        ("server", "src/Shoal.Cli/Lottery/LotteryAgency", "a flag and a line that other agencies have"),
        ("server", "src/Shoal.Hosts/Http/HttpHost.cs", "names of ASP.NET Core"),
        ("server", "src/Shoal.Hosts/Agency/HttpDialer.cs", "SocketsHttpHandler.MaxConnectionsPerServer"),
        ("proxy", "src/Shoal.Hosts/Agency/HttpDialer.cs", "SocketsHttpHandler.UseProxy"),
        ("server", "src/Shoal.Cli/Parsing/DirectoryAddressOptions.cs", "a flag that users of other programs know"),
        ("server", "bench/Shoal.Bench/Fetch/WebSource.cs", "the configuration of nginx"),
        ("proxy", "bench/Shoal.Bench/Fetch/WebSource.cs", "the configuration of nginx"),
        ("server", "bench/edge.sh", "the configuration of nginx"),
        ("proxy", "bench/edge.sh", "the configuration of nginx"),
        ("master", "bench/links.sh", "an option of 'ip link'"),
        ("master", "bench/edge.sh", "an option of 'ip link'"),
        ("password", "docs/protocol.md", "says that there is none"),
        ("password", "docs/operations.md", "PostgreSQL's"),
        ("password", "src/Shoal.Cli/Configuration/Secrets.cs", "PostgreSQL's"),
        ("node", "src/Shoal.Cli/Configuration/SettingsFile.cs", "YamlDotNet's"),
        ("server", "src/Shoal.Cli/Configuration/VariableNames.cs", "variables of other programs"),
        ("server", "docs/operations.md", "variables of other programs"),
        ("password", "src/Shoal.Storage/Postgres/", "PostgreSQL's"),
    ];

    [Fact]
    public void The_page_names_words_that_are_never_used()
    {
        string[] words = [.. Forbidden()];
        Assert.Contains("server", words);
        Assert.Contains("segment", words);
        Assert.DoesNotContain("room", words);
        Assert.Contains("server", WordsOf("var myServers = 1; // a hub", isCode: true).Select(Singular));
        Assert.Contains("node", WordsOf("// the nodes", isCode: true).Select(Singular));
    }

    [Fact]
    public void Words_that_are_never_used_are_not()
    {
        HashSet<string> forbidden = [.. Forbidden()];
        var found = new List<string>();
        var allowed = new HashSet<(string, string, string)>();
        foreach (string file in Files())
        {
            foreach (string word in WordsOf(Repository.Read(file), file.EndsWith(".cs", StringComparison.Ordinal))
                .Select(Singular).Where(forbidden.Contains).Distinct())
            {
                var reasons = s_allowed.Where(one =>
                    one.Word == word && file.StartsWith(one.Files, StringComparison.Ordinal)).ToArray();
                allowed.UnionWith(reasons);
                if (reasons.Length == 0)
                {
                    found.Add($"{file}: {word}");
                }
            }
        }

        Assert.Empty(found);
        Assert.Empty(s_allowed.Except(allowed));
    }

    [Fact]
    public void Types_have_names_that_say_what_they_are()
    {
        IEnumerable<string> vague = ["Manager", "Helper", "Util", "Utils", "Base", "Info"];
        IEnumerable<string> found = Repository.Files(".cs")
            .SelectMany(file => TypeName().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value))
            .Where(type => vague.Any(end => type.EndsWith(end, StringComparison.Ordinal)));
        Assert.Empty(found);
    }

    private static IEnumerable<string> Files() => Repository.Files(".cs", ".md", ".sh").Where(file =>
        !file.StartsWith("tests/", StringComparison.Ordinal) && file != "docs/glossary.md");

    private static IEnumerable<string> Forbidden() => Repository.Read("docs/glossary.md").Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)
            && !line.StartsWith("| say", StringComparison.Ordinal))
        .SelectMany(line => line.Split('|')[3].Split(','))
        .Select(word => word.Trim())
        .Where(word => word.Length > 0 && !word.StartsWith('('));

    // Names in code are taken apart at their capitals; a text for people or a comment has words anyway.
    private static IEnumerable<string> WordsOf(string text, bool isCode) => isCode
        ? NameOrWord().Matches(text.Replace("BitTorrent", "", StringComparison.Ordinal))
            .Select(match => match.Value.ToLowerInvariant())
        : Word().Matches(text).Select(match => match.Value.ToLowerInvariant());

    private static string Singular(string word) => word.EndsWith("xies", StringComparison.Ordinal)
        ? word[..^3] + "y"
        : word.EndsWith('s') ? word[..^1] : word;

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex NameOrWord();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum) ([A-Z]\w*)")]
    private static partial Regex TypeName();
}
