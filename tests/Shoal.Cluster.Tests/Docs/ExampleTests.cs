using System.CommandLine;
using System.Runtime.CompilerServices;
using Shoal.Cli.Frame;

namespace Shoal.Cluster.Tests.Docs;

/// <summary>Every example that a help text shows works: each is run by a block of Examples.md, or by a page.</summary>
public sealed class ExampleTests
{
    // These need a machine of their own.
    private static readonly Dictionary<string, string> s_elsewhere = new()
    {
        ["shoal audit --listen 0.0.0.0:0 --rpcbind"] = "Audit/Onc/mapped.sh",
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task Every_example_works(string world)
    {
        await using var script = new PageScript();
        foreach (PageCommand command in PageCommand.Of(Blocks().Single(block => block.Title == world).Text))
        {
            await script.RunAsync(command);
        }

        await script.StopAsync();
    }

    [Fact]
    public async Task Every_example_of_every_help_text_is_run()
    {
        var run = Blocks().SelectMany(block => PageCommand.Of(block.Text))
            .Concat(PageTests.AllPages().SelectMany(PageTests.CommandsOf))
            .Select(command => command.ToString()).ToHashSet();
        string[] examples = [.. (await HelpsAsync()).SelectMany(ExamplesOf).Distinct()];
        Assert.InRange(examples.Length, 80, 1000);
        Assert.Equal([], examples.Where(example => !run.Contains(example) && !IsElsewhere(example)));
    }

    public static TheoryData<string> Worlds() => [.. Blocks().Select(block => block.Title)];

    private static IEnumerable<(string Title, string Text)> Blocks() => File.ReadAllText(PathOf("Docs/Examples.md"))
        .Split("\n## ").Skip(1).Select(block => (block[..block.IndexOf('\n', StringComparison.Ordinal)], block));

    private static bool IsElsewhere(string example) => s_elsewhere.TryGetValue(example, out string? file)
        && File.ReadAllText(PathOf(file)).Contains(example["shoal ".Length..], StringComparison.Ordinal);

    private static IEnumerable<string> ExamplesOf(string help) => help.Split(Environment.NewLine)
        .SkipWhile(line => line != "Examples:").Skip(1).TakeWhile(line => line.Length > 0)
        .Select(line => string.Join(' ', PageCommand.Split(line)));

    private static async Task<IEnumerable<string>> HelpsAsync()
    {
        using var output = new StringWriter();
        var screen = new CommandScreen(output, output, false, false, false, 110);
        foreach (string[] path in PathsBelow(CommandTree.Create(screen), []))
        {
            string[] words = [.. path, "--help"];
            Assert.Equal(ExitCode.Done, await CommandFrame.RunAsync(
                CommandTree.Create(screen), words, screen, TestContext.Current.CancellationToken));
            output.WriteLine("\0");
        }

        return output.ToString().Split('\0');
    }

    private static IEnumerable<string[]> PathsBelow(Command command, string[] path) => command.Subcommands
        .SelectMany(sub => PathsBelow(sub, [.. path, sub.Name])).Prepend(path);

    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "..", name));
}
