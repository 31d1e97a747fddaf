using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shoal.Cli.Configuration;
using Shoal.Cli.Frame;
using Shoal.Cli.Lottery;
using Shoal.Cli.Parsing;
using Shoal.Tests.Architecture;

namespace Shoal.Tests.Cli;

/// <summary>
/// Not every machine can build the image, and the tests do not: <c>.ci/image</c> does. But all that its file says about
/// this repository and about the program is held against them.
/// </summary>
public sealed partial class DockerfileTests
{
    private static readonly (string Name, string Text)[] s_instructions = Read();

    [Fact]
    public void What_it_copies_is_in_the_repository_and_not_left_out()
    {
        string[] leftOut = [.. Repository.Read(".dockerignore").Split('\n').Select(line => line.Trim())];
        string[] copied =
        [
            .. All("COPY").Where(rest => !rest.StartsWith("--", StringComparison.Ordinal))
                .SelectMany(rest => rest.Split(' ')[..^1]),
        ];
        Assert.Contains("src", copied.Select(path => path.Split('/')[^1]));
        Assert.All(copied, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
        Assert.Empty(copied.Select(path => path.Split('/')[^1]).Intersect(leftOut));

        // Without one of these the compiler builds something else, or finds fault where there is none.
        string[] reads = [".editorconfig", "global.json", "Directory.*.props"];
        Assert.Empty(
            reads.SelectMany(name => Directory.GetFiles(Repository.PathOf("."), name))
                .Select(path => Path.GetFileName(path)).Except(copied));
    }

    [Fact]
    public void It_builds_the_program_with_what_it_is_made_for()
    {
        using var sdk = JsonDocument.Parse(Repository.Read("global.json"));
        string version = sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        string expected = string.Join('.', version.Split('.')[..2]);
        Assert.All(All("FROM"), from => Assert.EndsWith($":{expected}", from.Split(' ')[0], StringComparison.Ordinal));
        string publish = All("RUN").Single(run => run.StartsWith("dotnet publish", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(Repository.PathOf(publish.Split(' ')[2]), "*.csproj"));
    }

    [Fact]
    public void It_runs_commands_that_there_are()
    {
        string[] entry = Words(All("ENTRYPOINT").Single());
        string check = All("HEALTHCHECK").Single();
        string[][] lines =
        [
            [.. entry, .. Words(All("CMD").Single())],
            Words(check[check.IndexOf('[', StringComparison.Ordinal)..]),
        ];
        using var nowhere = new StringWriter();
        RootCommand root = CommandTree.Create(new CommandScreen(nowhere, nowhere, false, false, false, 110));
        foreach (string[] line in lines)
        {
            Assert.Equal("shoal", line[0]);
            Assert.Empty(root.Parse(line[1..]).Errors);
        }
    }

    [Fact]
    public void Its_ports_are_those_of_the_doors()
    {
        string[] ports = All("EXPOSE").Single().Split(' ');
        Assert.Contains($"{LotteryCommand.DefaultPort}", ports);
        Assert.Contains($"{CommonOptions.DefaultHttpPort}", ports);
        Assert.Contains(
            $"127.0.0.1:{LotteryCommand.DefaultPort}", All("HEALTHCHECK").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_settings_are_read_by_the_program_and_lie_where_it_looks()
    {
        string run = All("RUN").Single(one => one.Contains("printf", StringComparison.Ordinal));
        Match written = Printed().Match(run);
        Assert.Contains($"SHOAL_CONFIG={written.Groups["file"].Value}", All("ENV").Single(), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        string file = Path.Join(folder.Path, "shoal.yaml");
        File.WriteAllText(file, written.Groups["text"].Value.Replace("\\n", "\n", StringComparison.Ordinal));
        using var nowhere = new StringWriter();
        RootCommand root = CommandTree.Create(new CommandScreen(nowhere, nowhere, false, false, false, 110));
        Command serve = root.Subcommands.Single(one => one.Name == "lottery")
            .Subcommands.Single(one => one.Name == "serve");
        Option data = serve.Options.Single(one => one.Name == "--data");
        Assert.Equal([All("VOLUME").Single()], SettingsFile.Read(file, root).Find(serve, data)!.Value.Values);
    }

    private static IEnumerable<string> All(string name) =>
        s_instructions.Where(one => one.Name == name).Select(one => one.Text);

    private static string[] Words(string list) => JsonSerializer.Deserialize<string[]>(list)!;

    private static (string Name, string Text)[] Read() =>
    [
        .. Continued().Replace(Repository.Read("Dockerfile"), " ").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])),
    ];

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("printf '(?<text>[^']*)' > (?<file>\\S+)")]
    private static partial Regex Printed();
}
