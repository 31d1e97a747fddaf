using Shoal.Cli.Frame;

namespace Shoal.Tests.Cli;

/// <summary>What the program says about a wrong command line: what is wrong, and what was meant.</summary>
public sealed class CommandMistakesTests : IDisposable
{
    private readonly StringWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Theory]
    [InlineData("jion photos", "'shoal' has no command 'jion'. Did you mean 'join'?")]
    [InlineData("photograph", "'shoal' has no command 'photograph'.")]
    [InlineData("lottery serv", "'shoal lottery' has no command 'serv'. Did you mean 'serve'?")]
    [InlineData("simulate", "'shoal simulate' wants a command: exchange, relay, edge.")]
    [InlineData("--verison", "'shoal' has no flag '--verison'. Did you mean '--version'?")]
    [InlineData("join s --hub h --dir d --upp 3", "'shoal join' has no flag '--upp'. Did you mean '--up'?")]
    [InlineData("join s --hub h --dir d --exp=3", "'shoal join' has no flag '--exp'. Did you mean '--expect'?")]
    [InlineData("join --dryrun s --hub h --dir d", "'shoal join' has no flag '--dryrun'. Did you mean '--dry-run'?")]
    [InlineData("join s more --hub h --dir d", "'more' is one word too many for 'shoal join'.")]
    [InlineData("join", "SWARM is missing.", "--hub HOST:PORT is missing.", "--dir DIR is missing.")]
    [InlineData("join s --hub h --dir", "--dir: its value is missing; give a DIR.")]
    [InlineData("join s --hub h --dir d --name a --name b", "--name: it can be given once, not 2 times.")]
    [InlineData(
        "join s --hub h --dir d --relay alway",
        "--relay: 'alway' is none of auto, always, never. Did you mean 'always'?")]
    [InlineData("bound --config", "--config: its value is missing; give a FILE.")]
    [InlineData("ping", "HOST:PORT is missing.")]
    [InlineData(
        "demo relays",
        "JOB: 'relays' is none of all, exchange, relay, edge, directory, lottery. Did you mean 'relay'?")]
    public async Task It_says_what_is_wrong_and_what_was_meant(string line, params string[] said)
    {
        var screen = new CommandScreen(_error, _error, false, false, false, 110) { Variable = _ => null };
        int code = await CommandFrame.RunAsync(
            CommandTree.Create(screen), line.Split(' '), screen, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Usage, code);
        string[] lines = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(said.Select(sentence => $"shoal: {sentence}"), lines[..^1]);
        Assert.StartsWith("Try 'shoal", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hbu", "--hub")]
    [InlineData("--hu", "--hub")]
    [InlineData("--log", "--log-level")]
    [InlineData("--x", null)]
    [InlineData("", null)]
    public void The_nearest_word_has_few_slips_or_is_the_only_one_that_begins_so(string word, string? near) =>
        Assert.Equal(near, DidYouMean.Nearest(word, ["--hub", "--dir", "--log-level"]));
}
