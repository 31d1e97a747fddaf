using System.CommandLine;
using Shoal.Cli.Frame;

namespace Shoal.Tests.Cli;

/// <summary>Walks all commands of the program, so that none is forgotten.</summary>
public sealed class CommandWalkTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly CommandScreen _screen;

    public CommandWalkTests() => _screen = new CommandScreen(_output, _error, false, false, false, 110);

    public static TheoryData<string> Paths()
    {
        using var nowhere = new StringWriter();
        var screen = new CommandScreen(nowhere, nowhere, false, false, false, 110);
        return [.. PathsBelow(CommandTree.Create(screen), [])];
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_has_examples_of_this_very_command(string path)
    {
        Assert.Equal(ExitCode.Done, await RunAsync($"{path} --help"));
        string[] examples = [.. _output.ToString().Split(Environment.NewLine).SkipWhile(line => line != "Examples:")
            .Skip(1).TakeWhile(line => line.Length > 0)];
        Assert.NotEmpty(examples);
        Assert.Contains(examples, line => line.Contains($"shoal {path}".Trim(), StringComparison.Ordinal));
        Assert.All(_output.ToString().Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 110));
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_example_is_a_right_command_line(string path)
    {
        Command command = CommandOf(path);
        foreach (string example in command is ShoalCommand own ? own.Examples : [])
        {
            string words = example.Split(" #")[0].Replace("'", "\"", StringComparison.Ordinal).Trim();
            if (words.StartsWith("shoal ", StringComparison.Ordinal))
            {
                Assert.True(
                    CommandTree.Create(_screen).Parse(words["shoal ".Length..]) is { Errors: [] },
                    $"the example '{example}' of 'shoal {path}' is wrong");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task An_unknown_flag_exits_2_and_is_named(string path)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync($"{path} --no-such-flag"));
        Assert.Contains("'--no-such-flag'", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Try '{$"shoal {path}".Trim()} --help'", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_flag_with_a_wrong_value_or_none_exits_2_and_is_named(string path)
    {
        foreach (Option option in CommandOf(path).Options.Where(option => option.Arity.MaximumNumberOfValues > 0))
        {
            Assert.Equal(ExitCode.Usage, await RunAsync($"{path} {option.Name}"));
            Assert.Contains(option.Name, _error.ToString(), StringComparison.Ordinal);
            if (option.ValueType != typeof(string) && option.ValueType != typeof(string[]))
            {
                Assert.Equal(ExitCode.Usage, await RunAsync($"{path} {option.Name} ~nonsense~"));
                Assert.Contains($"{option.Name}: ", _error.ToString(), StringComparison.Ordinal);
                Assert.Contains("~nonsense~", _error.ToString(), StringComparison.Ordinal);
            }
        }
    }

    private Command CommandOf(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate((Command)CommandTree.Create(_screen), (command, name) =>
            command.Subcommands.Single(sub => sub.Name == name));

    private Task<int> RunAsync(string line)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return CommandFrame.RunAsync(
            CommandTree.Create(_screen), line.Split(' ', StringSplitOptions.RemoveEmptyEntries), _screen,
            TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> PathsBelow(Command command, string[] path) => command.Subcommands
        .SelectMany(sub => PathsBelow(sub, [.. path, sub.Name])).Prepend(string.Join(' ', path));
}
