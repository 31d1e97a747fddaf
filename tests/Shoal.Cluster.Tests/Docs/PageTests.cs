using System.Runtime.CompilerServices;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>Every command that a page shows works, and says what the page shows.</summary>
public sealed class PageTests
{
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_of_a_page_works(string page)
    {
        await using var script = new PageScript();
        foreach (PageCommand command in CommandsOf(page))
        {
            await script.RunAsync(command);
        }

        await script.StopAsync();
    }

    [Fact]
    public void The_page_that_everybody_reads_shows_the_jobs()
    {
        string[] commands = [.. CommandsOf("README.md").Select(command => command.ToString())];
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

    /// <summary>The commands that a page of this repository shows.</summary>
    internal static IEnumerable<PageCommand> CommandsOf(string page) =>
        PageCommand.Of(File.ReadAllText(Path.Join(Root(), page)));

    /// <summary>The pages of this repository that show commands.</summary>
    internal static IEnumerable<string> AllPages() =>
    [
        .. Directory.EnumerateFiles(Root(), "*.md")
            .Concat(Directory.EnumerateFiles(Path.Join(Root(), "docs"), "*.md", SearchOption.AllDirectories))
            .Where(path => PageCommand.Of(File.ReadAllText(path)).Any())
            .Select(path => Path.GetRelativePath(Root(), path)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Pages() => [.. AllPages()];

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", "..", ".."));
}
