using System.CommandLine;
using Shoal.Cli.Configuration;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Tests.Cli;

/// <summary>
/// Every flag of every command can be set by a file and by the environment, and <c>shoal config</c> says which it was.
/// </summary>
public sealed class EveryFlagTests : IDisposable
{
    // A value that each kind of flag takes; a text takes any.
    private static readonly Dictionary<string, string> s_samples = new()
    {
        ["HOST:PORT"] = "127.0.0.1:7",
        ["ADDR:PORT"] = "127.0.0.1:7",
        ["RATE"] = "7Mbit",
        ["SIZE"] = "64KiB",
        ["N"] = "7",
        ["K"] = "7",
        ["PORT"] = "7",
        ["A,B,C"] = "7,8,9",
        ["CHUNK:MESSAGE,..."] = "6:0.6,7:0.7",
        ["K:KEY=VALUE,..."] = "1:up=7Mbit",
        ["NAME:up=,down="] = "north:up=7Mbit,down=8Mbit",
        ["URL"] = "http://127.0.0.1:7",
    };

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public static TheoryData<string> Commands()
    {
        using var nowhere = new StringWriter();
        RootCommand root = CommandTree.Create(new CommandScreen(nowhere, nowhere, false, false, false, 110));
        return [.. Below(root).Select(ShoalCommand.PathOf)];
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_is_taken_from_a_file_and_from_a_variable(string path)
    {
        string file = Path.Join(_folder.Path, "settings.yaml");
        Command command = Below(Tree()).Single(one => ShoalCommand.PathOf(one) == path);
        foreach (Option option in SettingSources.OptionsOf(command))
        {
            string value = SampleOf(option);
            string key = option.Name.TrimStart('-');
            File.WriteAllText(file, $"{key}: '{value}'\n");
            Assert.Contains($"{key}: {value} # line 1 of {file}", await TellAsync(path, "--config", file));

            string variable = VariableNames.Of(command, option).First().Variable;
            _variables[variable] = value.Split(',') is [var first, ..] && IsRepeated(option) ? first : value;
            Assert.Contains($"{key}: {_variables[variable]} # {variable}", await TellAsync(path));
            _variables.Clear();
        }
    }

    private static string SampleOf(Option option) => option switch
    {
        { Arity.MaximumNumberOfValues: 0 } => "true",
        IDefaultText known => known.DefaultText,
        { HelpName: { } choices } when choices.Split('|') is [not "FILE", .., var last] and [_, _, ..] => last,
        _ => s_samples.GetValueOrDefault(option.HelpName ?? "", "sample"),
    };

    private static bool IsRepeated(Option option) => option.Arity.MaximumNumberOfValues > 1;

    // What is secret is not shown, quotes are those of YAML, and notes stand in a column.
    private async Task<string[]> TellAsync(string path, params string[] more)
    {
        _output.GetStringBuilder().Clear();
        int code = await CommandFrame.RunAsync(
            Tree(), ["config", .. path.Split(' ').Skip(1), .. more], Screen(), TestContext.Current.CancellationToken);
        Assert.True(code == ExitCode.Done, $"{path}: {_error}");
        return
        [
            .. _output.ToString().Split('\n').Select(line => string.Join(
                ' ', line.Replace("'", "", StringComparison.Ordinal)
                    .Replace(Secrets.Hidden, "sample", StringComparison.Ordinal)
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ];
    }

    private RootCommand Tree() => CommandTree.Create(Screen());

    private CommandScreen Screen() =>
        new(_output, _error, false, false, false, 110) { Variable = name => _variables.GetValueOrDefault(name) };

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below)
        .Concat(command is ShoalCommand { IsSettable: true } ? [command] : []);
}
