using System.Text.RegularExpressions;

namespace Shoal.Tests.Architecture;

/// <summary>What an editor could spoil and a reviewer should not have to look for.</summary>
public sealed partial class TidyTests
{
    private const int MostLines = 400;

    // 110 is what we aim at; a line that is better whole may be a little longer.
    private const int MostColumns = 120;

    [Fact]
    public void No_file_is_longer_than_a_few_pages() =>
        Assert.DoesNotContain(Code(), file => Lines(file).Length > MostLines);

    [Fact]
    public void No_line_is_too_long() => Assert.Empty(
        Code().SelectMany(file => Lines(file).Index().Where(line => Columns(line.Item) > MostColumns)
            .Select(line => $"{file}:{line.Index + 1}")));

    [Fact]
    public void Nothing_is_left_to_do()
    {
        // Not written out here, or this file would be found.
        var left = new Regex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b");
        Assert.Empty(Found(line => left.IsMatch(line)));
    }

    [Fact]
    public void Lines_have_neither_tabs_nor_blanks_at_their_ends() =>
        Assert.Empty(Found(line => line.Contains('\t') || line.EndsWith(' ') || line.EndsWith('\r')));

    [Fact]
    public void Every_file_ends_with_one_line_end()
    {
        IEnumerable<string> found = Texts().Where(file => Repository.Read(file) is var text
            && (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal)));
        Assert.Empty(found);
    }

    [Fact]
    public void Types_lie_in_a_file_of_their_name_in_the_folder_of_their_namespace()
    {
        var wrong = new List<string>();
        foreach (string file in Code().Where(file => file.StartsWith("src/", StringComparison.Ordinal)))
        {
            string text = Repository.Read(file);
            string folder = Path.GetDirectoryName(file)!.Replace('/', '.')["src.".Length..];
            if (Namespace().Match(text) is { Success: true } match && match.Groups[1].Value != folder)
            {
                wrong.Add($"{file}: namespace {match.Groups[1].Value}");
            }

            if (TypeName().Matches(text) is { Count: > 0 } types
                && !types.Any(type => type.Groups[1].Value == Path.GetFileNameWithoutExtension(file)))
            {
                wrong.Add($"{file}: no type of its name");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (string file in Repository.Files(".md"))
        {
            string folder = Path.GetDirectoryName(Repository.PathOf(file))!;
            broken.AddRange(Link().Matches(Repository.Read(file))
                .Select(match => match.Groups[1].Value)
                .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#'))
                .Where(link => !Path.Exists(Path.Combine(folder, link.Split('#')[0])))
                .Select(link => $"{file}: {link}"));
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_meter_is_named_where_operators_look()
    {
        string page = Repository.Read("docs/operations.md");
        string[] meters = [.. Code().SelectMany(file => Meter().Matches(Repository.Read(file)))
            .Select(match => match.Groups[1].Value)];
        Assert.True(meters.Length > 1);
        Assert.DoesNotContain(meters, meter => !page.Contains($"`{meter}`", StringComparison.Ordinal));
    }

    [Fact]
    public void What_pages_name_of_the_code_is_there()
    {
        Dictionary<string, string> types = Repository.Files(".cs")
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .GroupBy(file => Path.GetFileNameWithoutExtension(file))
            .ToDictionary(same => same.Key, same => string.Concat(same.Select(Repository.Read)));
        var missing = new List<string>();
        foreach (string page in Repository.Files(".md"))
        {
            missing.AddRange(Member().Matches(Repository.Read(page))
                .Where(match => types.TryGetValue(match.Groups[1].Value, out string? code)
                    && !Regex.IsMatch(code, $@"\b{match.Groups[2].Value}\b"))
                .Select(match => $"{page}: {match.Value}"));
        }

        Assert.Empty(missing);
    }

    private static IEnumerable<string> Code() => Repository.Files(".cs", ".sh");

    private static IEnumerable<string> Texts() =>
        Repository.Files(".cs", ".sh", ".md", ".csproj", ".props", ".slnx", ".json", ".py", ".txt");

    private static string[] Lines(string file) => Repository.Read(file).TrimEnd('\n').Split('\n');

    private static int Columns(string line) => line.EnumerateRunes().Count();

    private static IEnumerable<string> Found(Func<string, bool> isWrong) => Texts().SelectMany(
        file => Lines(file).Index().Where(line => isWrong(line.Item)).Select(line => $"{file}:{line.Index + 1}"));

    [GeneratedRegex(@"const string MeterName = ""([^""]+)""")]
    private static partial Regex Meter();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum|delegate \w+) ([A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"`([A-Z]\w+)\.([A-Z]\w+)`")]
    private static partial Regex Member();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
