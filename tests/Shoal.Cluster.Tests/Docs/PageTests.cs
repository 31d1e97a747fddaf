using System.Runtime.CompilerServices;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>Every command that a page or a help text shows works, and says what the page shows.</summary>
public sealed class PageTests
{
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_of_a_page_works(string page)
    {
        await using var script = new PageScript();
        foreach (PageCommand command in PageCommand.Of(File.ReadAllText(Path.Join(Root(), page))))
        {
            await script.RunAsync(command);
        }
    }

    [Fact]
    public void The_page_that_everybody_reads_shows_the_jobs()
    {
        string[] commands =
            [.. PageCommand.Of(File.ReadAllText(Path.Join(Root(), "README.md"))).Select(command => command.ToString())];
        Assert.Contains("shoal demo", commands);
        Assert.Contains("dotnet test", commands);
        Assert.All(
            [
                "shoal hub", "shoal join", "shoal key new", "shoal simulate exchange", "shoal simulate edge",
                "shoal bound", "shoal publish", "shoal get", "shoal lottery serve", "shoal lottery agency",
                "shoal origin", "shoal edge", "shoal fetch",
            ],
            start => Assert.Contains(commands, command => command.StartsWith(start, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("simulate", "exchange")]
    [InlineData("simulate", "relay")]
    [InlineData("simulate", "edge")]
    [InlineData("bound")]
    public async Task Every_example_of_a_help_text_works(params string[] path)
    {
        await using ShoalProcess help = ShoalProcess.Start("help", [.. path, "--help"]);
        await help.ExpectAsync(0);
        string[] examples = [.. help.Output.All.SkipWhile(line => line != "Examples:").Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.NotEmpty(examples);
        using var scratch = new Scratch();
        foreach (string example in examples)
        {
            await using ShoalProcess process = ShoalProcess.Start(
                example, key: null, [.. PageCommand.Split(example).Skip(1)], scratch.Root);
            await process.ExpectAsync(0);
        }
    }

    [Fact]
    public void A_page_is_read_as_it_is_meant()
    {
        string page = "```text\n$ no\n```\n"
            + "```console\n$ shoal a \\\n    'b c'  # why\nout\n...\nend\n\n$ shoal d\n```\n$ no\n";
        PageCommand[] commands = [.. PageCommand.Of(page)];
        Assert.Equal(["shoal a b c", "shoal d"], commands.Select(command => command.ToString()));
        Assert.Equal(5, commands[0].Line);
        Assert.True(commands[0].IsShown(["out", "end"]));
        Assert.True(commands[0].IsShown(["out", "x", "y", "end", ""]));
        Assert.False(commands[0].IsShown(["out", "x", "end", "y"]));
        PageCommand cut = PageCommand.Of("```console\n$ shoal a\nabout ...\n```\n").Single();
        Assert.True(cut.IsShown(["about that"]));
        Assert.False(cut.IsShown(["and that"]));
        Assert.False(commands[0].IsShown(["end"]));
    }

    public static TheoryData<string> Pages() =>
    [
        .. Directory.EnumerateFiles(Root(), "*.md")
            .Concat(Directory.EnumerateFiles(Path.Join(Root(), "docs"), "*.md", SearchOption.AllDirectories))
            .Where(path => PageCommand.Of(File.ReadAllText(path)).Any())
            .Select(path => Path.GetRelativePath(Root(), path)).Order(StringComparer.Ordinal),
    ];

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "..", ".."));
}
