using System.CommandLine;
using Shoal.Cli.Configuration;
using Shoal.Cli.Frame;

namespace Shoal.Tests.Cli;

/// <summary>All commands speak alike: a flag means one thing, is described, and can be set elsewhere too.</summary>
public sealed class OneVoiceTests : IDisposable
{
    // Where one flag takes values of two kinds all the same.
    private static readonly (string Flag, string Why)[] s_twoKinds =
    [
        ("--bets", "a number to be made up, the file of an agency, the folder of all files"),
        ("--policy", "each simulated world has policies of its own"),
        ("--relay", "how a peer uses it, and whether a simulated world has nothing else"),
    ];

    // Those whose result no program has to take apart.
    private static readonly (string Command, string Why)[] s_plain =
    [
        ("shoal key new", "a key, alone on its line or in its file"),
        ("shoal hub", "serves until it is stopped; its log has a form of its own"),
        ("shoal user register", "done or not, as the exit code says"),
        ("shoal user unregister", "done or not"),
        ("shoal publish", "serves until it is stopped"),
        ("shoal withdraw", "done or not"),
        ("shoal get", "a file"),
        ("shoal shell", "answers as other programs of the protocol print them"),
        ("shoal audit", "a line an operation, as other programs of the protocol print it"),
        ("shoal time", "serves until it is stopped"),
        ("shoal lottery serve", "serves until it is stopped"),
        ("shoal lottery agency", "a document a line"),
        ("shoal lottery open", "done or not"),
        ("shoal lottery export", "CSV"),
        ("shoal lottery reopen", "done or not"),
        ("shoal lottery token", "a token, alone on its line"),
        ("shoal lottery generate", "files of CSV"),
        ("shoal ping", "there or not, as the exit code says"),
        ("shoal compose", "YAML"),
    ];

    private readonly StringWriter _nowhere = new();

    public void Dispose() => _nowhere.Dispose();

    [Fact]
    public void A_flag_means_the_same_in_all_commands()
    {
        string[] found =
        [
            .. Commands().SelectMany(command => command.Options).GroupBy(option => option.Name)
                .Where(same => same.Select(KindOf).Distinct().Count() > 1).Select(same => same.Key)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(s_twoKinds.Select(allowed => allowed.Flag), found);
    }

    [Fact]
    public void Results_are_to_be_had_as_JSON_wherever_a_program_wants_them()
    {
        string[] without =
        [
            .. Commands().Where(command => command.Subcommands.Count == 0 && !command.Options.Any(
                option => option.Name is "--json" or "--report")).Select(ShoalCommand.PathOf),
        ];
        Assert.Equal(s_plain.Select(allowed => allowed.Command).Order(), without.Order());
    }

    [Fact]
    public void Everything_is_described_in_the_same_way()
    {
        var found = new List<string>();
        foreach (Command command in Commands())
        {
            foreach (Symbol symbol in command.Options.Cast<Symbol>().Concat(command.Arguments))
            {
                string said = symbol.Description ?? "";
                if (said.Length == 0 || !char.IsUpper(said[0]) && said[0] != '@' || said.EndsWith('.'))
                {
                    found.Add($"{ShoalCommand.PathOf(command)} {symbol.Name}: '{said}'");
                }
            }

            if (command.Description is not [>= 'A' and <= 'Z', .., '.' or '?'])
            {
                found.Add($"{ShoalCommand.PathOf(command)}: '{command.Description}'");
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    public void Every_flag_of_every_command_can_be_set_by_the_environment()
    {
        foreach (Command command in Commands().Where(command => command is ShoalCommand { IsSettable: true }))
        {
            string[] words = ShoalCommand.PathOf(command).Split(' ')[1..];
            foreach (Option option in SettingSources.OptionsOf(command))
            {
                string value = option.Arity.MaximumNumberOfValues == 0 ? "true" : "~value~";
                string variable = VariableNames.Of(command, option).First().Variable;
                RootCommand root = Tree();
                IReadOnlyList<string> complete = new SettingSources().Complete(
                    root.Parse(words), words, name => name == variable ? value : null);
                Assert.Contains(
                    option.Arity.MaximumNumberOfValues == 0 ? option.Name : $"{option.Name}={value}", complete);
            }
        }
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", "xterm", true)]
    [InlineData("1", "xterm", false)]
    [InlineData("0", "xterm", false)]
    [InlineData(null, "dumb", false)]
    public void Colours_are_left_out_where_the_environment_says_so(string? noColor, string? terminal, bool allowed) =>
        Assert.Equal(allowed, CommandScreen.AllowsColor(name => name switch
        {
            "NO_COLOR" => noColor,
            "TERM" => terminal,
            _ => null,
        }));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("-80", null)]
    [InlineData("wide", null)]
    [InlineData("20", 40)]
    [InlineData("72", 72)]
    [InlineData("200", 200)]
    public void A_line_is_as_wide_as_the_environment_says(string? columns, int? width) =>
        Assert.Equal(width, CommandScreen.ColumnsOf(name => name == "COLUMNS" ? columns : null));

    private static string KindOf(Option option) =>
        $"{Nullable.GetUnderlyingType(option.ValueType)?.Name ?? option.ValueType.Name} {option.HelpName}".Trim();

    private RootCommand Tree() =>
        CommandTree.Create(new CommandScreen(_nowhere, _nowhere, false, false, false, 110));

    private IEnumerable<Command> Commands() => Below(Tree());

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(Below).Prepend(command);
}
