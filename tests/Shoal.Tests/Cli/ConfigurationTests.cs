using System.CommandLine;
using System.Text.Json;
using Shoal.Cli.Configuration;
using Shoal.Cli.Frame;

namespace Shoal.Tests.Cli;

/// <summary>Flags from the command line, the environment and a file, in that order.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_command_line_counts_before_the_environment_and_that_before_the_file()
    {
        string file = Write("agencies: 7\nwinning-number: 7\nlisten: 127.0.0.1:7\nlog: general.log\n");
        _variables["SHOAL_WINNING_NUMBER"] = "8";
        _variables["SHOAL_LISTEN"] = "127.0.0.1:8";
        await TellAsync("lottery", "serve", file);
        Assert.Contains("listen: '127.0.0.1:8' # SHOAL_LISTEN", Shown);
        Assert.Contains("winning-number: 8 # SHOAL_WINNING_NUMBER", Shown);
        Assert.Contains($"agencies: 7 # line 1 of {file}", Shown);
        Assert.Contains($"log: general.log # line 4 of {file}", Shown);
        Assert.Contains("# roster: FILE # not set", Shown);
        Assert.Contains("log-level: info # default", Shown);
    }

    [Fact]
    public async Task What_is_said_of_one_command_counts_before_what_is_said_of_all()
    {
        string file = Write(
            "listen: 127.0.0.1:1\nlottery:\n  listen: 127.0.0.1:2\n"
            + "  serve:\n    listen: 127.0.0.1:3\n    agencies: 4\n");
        await TellAsync("lottery", "serve", file);
        Assert.Contains($"listen: '127.0.0.1:3' # line 5 of {file}", Shown);
        await TellAsync("hub", file: file);
        Assert.Contains($"listen: '127.0.0.1:1' # line 1 of {file}", Shown);
        _variables["SHOAL_LISTEN"] = "127.0.0.1:5";
        _variables["SHOAL_LOTTERY_SERVE_LISTEN"] = "127.0.0.1:6";
        await TellAsync("lottery", "serve");
        Assert.Contains("listen: '127.0.0.1:6' # SHOAL_LOTTERY_SERVE_LISTEN", Shown);
    }

    [Fact]
    public async Task A_command_runs_by_what_its_environment_and_file_say()
    {
        _variables["SHOAL_CONFIG"] = Write("agencies: 3\nbets: 9\nwinners: 2\n");
        _variables["SHOAL_DIR"] = InFolder("made");
        Assert.Equal(ExitCode.Done, await RunAsync("lottery", "generate", "--bets", "12"));
        Assert.StartsWith("12 bets of 3 agencies", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllLines(InFolder("made/agency-3.csv")).Length);
        Assert.Equal(2, File.ReadAllLines(InFolder("made/winners.csv")).Length);
    }

    [Fact]
    public async Task Switches_and_lists_can_be_set_too()
    {
        string file = Write("open: yes\njoin:\n  exclude: ['*.tmp', b/**]\n  stay: false\n");
        await TellAsync("hub", file: file);
        Assert.Contains($"open: true # line 1 of {file}", Shown);
        await TellAsync("join", file: file);
        Assert.Contains($"exclude: ['*.tmp', 'b/**'] # line 3 of {file}", Shown);
        Assert.Contains(Shown, line => line.StartsWith("stay: false", StringComparison.Ordinal));
        _variables["SHOAL_EXCLUDE"] = "a,b";
        _variables["SHOAL_STAY"] = "maybe";
        Assert.Equal(ExitCode.Usage, await RunAsync("config", "join"));
        Assert.Contains("--stay: 'maybe' is neither true nor false. See SHOAL_STAY.", _error.ToString(),
            StringComparison.Ordinal);
        _variables["SHOAL_STAY"] = "0";
        await TellAsync("join");
        Assert.Contains("exclude: [a, b] # SHOAL_EXCLUDE", Shown);
    }

    [Fact]
    public async Task A_flag_that_excludes_another_is_not_stopped_by_what_stands_elsewhere()
    {
        _variables["SHOAL_STORE"] = "Host=nowhere.invalid";
        Assert.Equal(ExitCode.Failed, await RunAsync("lottery", "export", "--data", InFolder("none")));
        Assert.StartsWith("shoal: --data: ", _error.ToString(), StringComparison.Ordinal);
        _variables["SHOAL_DATA"] = InFolder("none");
        Assert.Equal(ExitCode.Usage, await RunAsync("lottery", "export"));
        Assert.Contains("give --data or --store", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_that_know_other_variables_are_understood()
    {
        _variables["SERVER_PORT"] = "12345";
        _variables["LOGGING_LEVEL"] = "DEBUG";
        await TellAsync("lottery", "serve");
        Assert.Contains("listen: '0.0.0.0:12345' # SERVER_PORT", Shown);
        Assert.Contains("log-level: debug # LOGGING_LEVEL", Shown);
        _variables["CLI_ID"] = "3";
        _variables["CLI_SERVER_ADDRESS"] = "server:12345";
        _variables["CLI_BETS_DATA_BETS_PER_CHUNK"] = "60";
        _variables["CLI_LOOP_PERIOD"] = "5s";
        await TellAsync("lottery", "agency");
        Assert.Contains("id: 3 # CLI_ID", Shown);
        Assert.Contains("hub: 'server:12345' # CLI_SERVER_ADDRESS", Shown);
        Assert.Contains("batch: 60 # CLI_BETS_DATA_BETS_PER_CHUNK", Shown);
        Assert.Contains("look: 5s # CLI_LOOP_PERIOD", Shown);
    }

    [Theory]
    [InlineData("agencees: 3\n", "line 1: 'shoal' has no flag '--agencees'. Did you mean '--agencies'?")]
    [InlineData(
        "lottery:\n  serv:\n    agencies: 3\n",
        "line 2: 'shoal lottery' has no command 'serv'. Did you mean 'serve'?")]
    [InlineData("lottery:\n  serve:\n    bets: 3\n", "line 3: 'shoal lottery serve' has no flag '--bets'")]
    [InlineData("config: other.yaml\n", "a file with settings names no other one")]
    [InlineData("- 1\n", "is no list of 'flag: value' lines")]
    [InlineData("a: [\n", "line ")]
    [InlineData("agencies: [1, 2]\n", "--agencies: it has one value, not several. See line 1 of ")]
    [InlineData("agencies: 0\n", "It comes from line 1 of ")]
    public async Task A_file_that_is_wrong_is_named_with_the_line(string text, string why)
    {
        string file = Write(text);
        Assert.Equal(
            ExitCode.Usage,
            await RunAsync("lottery", "serve", "--data", InFolder("data"), "--config", file, "--listen", "0.0.0.0:0"));
        Assert.Contains(why, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(file, _error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(InFolder("data")));
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_not_there_is_refused()
    {
        string file = Write(new string('#', SettingsFile.LargestSize + 1));
        Assert.Equal(ExitCode.Failed, await RunAsync("config", "hub", "--config", file));
        Assert.Contains($"larger than {SettingsFile.LargestSize} bytes", _error.ToString(), StringComparison.Ordinal);
        File.WriteAllText(file, new string('#', SettingsFile.LargestSize));
        Assert.Equal(ExitCode.Done, await RunAsync("config", "hub", "--config", file));
        Assert.Equal(ExitCode.Failed, await RunAsync("hub", "--config", InFolder("none.yaml")));
        Assert.Contains("cannot be read", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_never_shown()
    {
        _variables["SHOAL_STORE"] = "Host=db;Username=shoal;Password=hush;SSL Password=hush";
        await TellAsync("lottery", "serve");
        Assert.Contains(
            "store: 'Host=db;Username=shoal;Password=(secret);SSL Password=(secret)' # SHOAL_STORE", Shown);
        Assert.DoesNotContain("hush", _output.ToString(), StringComparison.Ordinal);
        _variables["SHOAL_TOKEN"] = "hush";
        await TellAsync("lottery", "agency");
        Assert.Contains("token: '(secret)' # SHOAL_TOKEN", Shown);
        Assert.DoesNotContain("hush", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("t.txt", Secrets.Hide("--token-file", "t.txt"));
    }

    [Fact]
    public async Task Programs_read_the_same_as_json()
    {
        _variables["SHOAL_AGENCIES"] = "9";
        Assert.Equal(ExitCode.Done, await RunAsync("config", "lottery", "serve", "--json"));
        using JsonDocument all = JsonDocument.Parse(_output.ToString());
        JsonElement command = Assert.Single(all.RootElement.EnumerateArray());
        Assert.Equal("shoal lottery serve", command.GetProperty("command").GetString());
        JsonElement agencies = command.GetProperty("flags").EnumerateArray()
            .Single(flag => flag.GetProperty("flag").GetString() == "--agencies");
        Assert.Equal("SHOAL_AGENCIES", agencies.GetProperty("source").GetString());
        Assert.Equal("9", agencies.GetProperty("values")[0].GetString());
    }

    [Fact]
    public async Task What_is_printed_is_a_file_that_says_the_same()
    {
        _variables["SHOAL_AGENCIES"] = "9";
        _variables["SHOAL_EXCLUDE"] = "*.tmp,it's";
        Assert.Equal(ExitCode.Done, await RunAsync("config"));
        string[] first = Values();
        _variables.Clear();
        string file = Write(_output.ToString());
        Assert.Equal(ExitCode.Done, await RunAsync("config", "--config", file));
        Assert.Equal(first, Values());
    }

    [Fact]
    public void No_variable_means_two_things()
    {
        using var nowhere = new StringWriter();
        RootCommand root = CommandTree.Create(new CommandScreen(nowhere, nowhere, false, false, false, 110));
        var meanings = new Dictionary<string, string>();
        foreach (Command command in Below(root))
        {
            foreach (Option option in SettingSources.OptionsOf(command))
            {
                foreach ((string variable, _) in VariableNames.Of(command, option))
                {
                    Assert.NotEqual("SHOAL_KEY", variable);
                    Assert.Equal(option.Name, meanings.GetValueOrDefault(variable, option.Name));
                    meanings[variable] = option.Name;
                }
            }
        }

        Assert.All(
            [
                "SERVER_PORT", "LOGGING_LEVEL", "CLI_ID", "CLI_SERVER_ADDRESS", "CLI_BETS_DATA_BETS_PER_CHUNK",
                "CLI_LOOP_PERIOD", "SHOAL_KEY_FILE", "SHOAL_HUB_LISTEN",
            ],
            variable => Assert.Contains(variable, meanings.Keys));
    }

    private string[] Shown => [.. Lines().Select(line => string.Join(' ', line.Split(
        ' ', StringSplitOptions.RemoveEmptyEntries)))];

    private string[] Values() => [.. Lines().Select(line => line.Split(" # ")[0].TrimEnd())
        .Where(line => !line.TrimStart().StartsWith('#'))];

    private string[] Lines() => _output.ToString().Split(Environment.NewLine);

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.SelectMany(Below).Prepend(command);

    private string InFolder(string name) => Path.Join(_folder.Path, name);

    private string Write(string text)
    {
        string path = InFolder("settings.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private async Task TellAsync(string command, string? sub = null, string? file = null)
    {
        string[] words = ["config", command, .. sub is null ? (string[])[] : [sub]];
        Assert.Equal(
            ExitCode.Done, await RunAsync(file is null ? words : [.. words, "--config", file]));
        Assert.Empty(_error.ToString());
    }

    private Task<int> RunAsync(params string[] args)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var screen = new CommandScreen(_output, _error, false, false, false, 110)
        {
            Variable = name => _variables.GetValueOrDefault(name),
        };
        return CommandFrame.RunAsync(
            CommandTree.Create(screen), args, screen, TestContext.Current.CancellationToken);
    }
}
