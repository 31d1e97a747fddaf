using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Shoal.Tests.Architecture;

/// <summary>Who may see whom: between projects, and between the folders of one.</summary>
public sealed partial class ArrowTests
{
    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["Shoal.Core"] = [],
        ["Shoal.Net"] = ["Shoal.Core"],
        ["Shoal.Storage"] = ["Shoal.Core"],
        ["Shoal.Simulation"] = ["Shoal.Core"],
        ["Shoal.Hosts"] = ["Shoal.Core", "Shoal.Net", "Shoal.Storage"],
        ["Shoal.Cli"] = ["Shoal.Core", "Shoal.Hosts", "Shoal.Simulation"],
    };

    private static readonly string[] s_ground = ["Content", "Roster", "Time", "Randomness"];

    // What the folders of Core may see beside themselves. A new folder needs a line, so that somebody thinks
    // of it.
    private static readonly Dictionary<string, string[]> s_core = new()
    {
        ["Content"] = s_ground,
        ["Roster"] = s_ground,
        ["Time"] = s_ground,
        ["Randomness"] = s_ground,
        ["Exchange"] = s_ground,
        ["Members"] = s_ground,
        ["Lottery"] = s_ground,
        ["Relay"] = [.. s_ground, "Exchange"],
        ["Edge"] = [.. s_ground, "Exchange"],
        ["Wire"] = [.. s_ground, "Exchange", "Edge", "Members", "Lottery"],
    };

    private static readonly Dictionary<string, string[]> s_hosts = new()
    {
        ["Agency"] = ["Common"],
        ["Audit"] = ["Common"],
        ["Common"] = [],
        ["Conform"] = [],
        ["Edge"] = ["Common", "Http", "Peer"],
        ["Http"] = ["Common"],
        ["Hub"] = ["Common"],
        ["Lottery"] = ["Common", "Http"],
        ["Members"] = ["Audit", "Common"],
        ["Peer"] = ["Common"],
        ["Rehearsals"] = ["Common", "Peer"],
        ["Time"] = ["Http"],
        ["User"] = ["Common", "Members", "Peer"],
    };

    [Fact]
    public void Every_project_has_its_arrows()
    {
        string[] projects = [.. Directory.EnumerateDirectories(Repository.PathOf("src"))
            .Select(path => Path.GetFileName(path))];
        Assert.Equal(s_projects.Keys.Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_where_an_arrow_points(string project)
    {
        XDocument file = XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"));
        IEnumerable<string> asked = Attributes(file, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Empty(asked.Except(s_projects[project]));
        IEnumerable<string> used = AssemblyOf(project).GetReferencedAssemblies().Select(name => name.Name!);
        Assert.Empty(used.Intersect(s_projects.Keys).Except(s_projects[project]));

        // Neither may be a way around: names that every file sees, and insides that another project of src
        // sees.
        Assert.Empty(file.Descendants("Using"));
        Assert.DoesNotContain(Attributes(file, "InternalsVisibleTo"), s_projects.ContainsKey);
    }

    [Theory]
    [InlineData("Shoal.Core")]
    [InlineData("Shoal.Simulation")]
    public void Rules_and_simulation_need_no_packages(string project)
    {
        XDocument file = XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"));
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers"], Attributes(file, "PackageReference"));
        Assert.Empty(file.Descendants("FrameworkReference"));
        Assert.Contains(file.Descendants("AdditionalFiles"), item =>
            (string?)item.Attribute("Include") == "BannedSymbols.txt");
    }

    [Fact]
    public void Folders_of_core_see_only_what_they_may() => Check("Shoal.Core", s_core);

    [Fact]
    public void Folders_of_hosts_see_only_what_they_may() => Check("Shoal.Hosts", s_hosts);

    [Fact]
    public void Code_is_seen_through_a_full_name()
    {
        // The test of the test: this type is named nowhere but inside a method, and by its full name.
        Assert.Contains(typeof(System.Text.Json.Nodes.JsonArray), TypeUses.Of(typeof(Hidden)));
        Assert.Contains(typeof(System.Text.Json.Nodes.JsonNode), TypeUses.Of(typeof(Hidden)));
    }

    public static TheoryData<string> Projects() => [.. s_projects.Keys];

    private static void Check(string project, Dictionary<string, string[]> arrows)
    {
        Assembly assembly = AssemblyOf(project);
        Type[] types = [.. assembly.GetTypes().Where(type => FolderOf(project, type) is not null)];
        Assert.Equal(
            arrows.Keys.Order(StringComparer.Ordinal),
            types.Select(type => FolderOf(project, type)!).Distinct().Order(StringComparer.Ordinal));
        var wrong = new List<string>();
        foreach (Type type in types)
        {
            string folder = FolderOf(project, type)!;
            wrong.AddRange(TypeUses.Of(type)
                .Where(used => used.Assembly == assembly && FolderOf(project, used) is { } other
                    && other != folder && !arrows[folder].Contains(other))
                .Select(used => $"{type.FullName} uses {used.FullName}"));
        }

        // Constants leave no trace in what the compiler made, so the sources are read too.
        foreach (string name in Repository.Files(".cs")
            .Where(name => name.StartsWith($"src/{project}/", StringComparison.Ordinal)))
        {
            string folder = name.Split('/')[2];
            string code = Comment().Replace(Repository.Read(name), "");
            string spaces = $@"(Shoal\.)?({project["Shoal.".Length..]}\.)?";
            wrong.AddRange(arrows.Keys
                .Where(other => other != folder && !arrows[folder].Contains(other)
                    && Regex.IsMatch(code, $@"(using {project}\.{other}\b)|((?<![\w.]){spaces}{other}\.[A-Z])"))
                .Select(other => $"{name} names {other}"));
        }

        Assert.Empty(wrong);
    }

    private static string? FolderOf(string project, Type type) =>
        type.Namespace is { } space && space.StartsWith(project + ".", StringComparison.Ordinal)
            ? space[(project.Length + 1)..].Split('.')[0]
            : null;

    private static Assembly AssemblyOf(string project) => Assembly.Load(project == "Shoal.Cli" ? "shoal" : project);

    private static IEnumerable<string> Attributes(XDocument file, string item) =>
        file.Descendants(item).Select(element => (string)element.Attribute("Include")!);

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();

    private static class Hidden
    {
        public static string Text() => new System.Text.Json.Nodes.JsonArray(1).ToJsonString();
    }
}
