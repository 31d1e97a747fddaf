using Shoal.Cli.Frame;
using Shoal.Cli.Join;

namespace Shoal.Tests.Cli;

public sealed class CommandFrameTests : IDisposable
{
    private readonly CommandTrial<JoinArguments> _join = new(JoinCommand.Create);

    public void Dispose() => _join.Dispose();

    [Theory]
    [InlineData("--hubb", "join", "s", "--hub", "h", "--dir", "d", "--hubb", "x")]
    [InlineData("--hub", "join", "s", "--dir", "d", "--hub")]
    [InlineData("--hub", "join", "s", "--dir", "d")]
    [InlineData("--dir", "join", "s", "--hub", "h")]
    [InlineData("--hub", "join", "s", "--dir", "d", "--hub", "h:99999")]
    [InlineData("--up", "join", "s", "--dir", "d", "--hub", "h", "--up", "100")]
    [InlineData("--expect", "join", "s", "--dir", "d", "--hub", "h", "--expect", "-1")]
    [InlineData("--expect", "join", "s", "--dir", "d", "--hub", "h", "--expect", "2", "--expect", "3")]
    [InlineData("--patience", "join", "s", "--dir", "d", "--hub", "h", "--patience", "long")]
    [InlineData("--chunk", "join", "s", "--dir", "d", "--hub", "h", "--chunk", "100000")]
    [InlineData("--chunk", "join", "s", "--dir", "d", "--hub", "h", "--chunk", "8KiB")]
    [InlineData("--listen", "join", "s", "--dir", "d", "--hub", "h", "--listen", "0.0.0.0")]
    [InlineData("--exclude", "join", "s", "--dir", "d", "--hub", "h", "--exclude", "../x")]
    [InlineData("--name", "join", "s", "--dir", "d", "--hub", "h", "--name", "a\nb")]
    [InlineData("--log", "join", "s", "--dir", "d", "--hub", "h", "--log", "")]
    [InlineData("SWARM", "join", " ", "--dir", "d", "--hub", "h")]
    [InlineData("extra", "join", "s", "extra", "--dir", "d", "--hub", "h")]
    [InlineData("nope", "nope")]
    public async Task A_wrong_command_line_exits_2_and_names_what_is_wrong(string named, params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await _join.RunAsync(args));

        Assert.Contains(named, _join.Error, StringComparison.Ordinal);
        Assert.Contains("--help'", _join.Error, StringComparison.Ordinal);
        Assert.All(_join.Error.Trim().Split('\n'), line => Assert.Matches("^(shoal: |Try )", line));
        Assert.Empty(_join.Output);
        Assert.Null(_join.Told);
    }

    [Fact]
    public async Task Without_arguments_the_help_is_shown_and_the_exit_code_is_2()
    {
        Assert.Equal(ExitCode.Usage, await _join.RunAsync());
        Assert.Contains("Usage:", _join.Error, StringComparison.Ordinal);
        Assert.Empty(_join.Output);
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(72, 72)]
    [InlineData(200, 110)]
    public async Task Help_is_as_wide_as_the_screen_and_never_too_wide_to_read(int width, int most)
    {
        using var trial = new CommandTrial<JoinArguments>(JoinCommand.Create) { Width = width };
        Assert.Equal(ExitCode.Done, await trial.RunAsync("join", "--help"));
        string[] told = trial.Output.Split("Examples:")[0].Split('\n');
        Assert.All(told, line => Assert.InRange(line.TrimEnd().Length, 0, most));
    }

    [Fact]
    public async Task Help_comes_even_with_a_wrong_command_line_and_ends_with_examples()
    {
        Assert.Equal(ExitCode.Done, await _join.RunAsync("join", "--help"));
        Assert.Contains("--patience <TIME>", _join.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  shoal join photos", _join.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.Contains("2 the command line was wrong", _join.Output, StringComparison.Ordinal);
        Assert.Empty(_join.Error);
    }

    [Fact]
    public async Task A_shown_default_is_shown_once()
    {
        await _join.RunAsync("join", "--help");
        string patience = _join.Output.Split("--patience")[1].Split("--up")[0];
        Assert.Equal(2, patience.Split("default:").Length);
        Assert.Contains("[default: 60 s]", patience, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_in_a_line_and_exits_1()
    {
        _join.Work = _ => throw new WorkFailedException("the folder ./x cannot be read; check its permissions.");
        Assert.Equal(ExitCode.Failed, await _join.RunAsync("join", "s", "--hub", "h", "--dir", "x"));
        Assert.Equal("shoal: the folder ./x cannot be read; check its permissions.", _join.Error.Trim());
    }

    [Fact]
    public async Task A_mistake_in_meaning_exits_2()
    {
        _join.Work = _ => throw new UsageException("--dir: ./x is a file; name a folder.");
        Assert.Equal(ExitCode.Usage, await _join.RunAsync("join", "s", "--hub", "h", "--dir", "x"));
        Assert.StartsWith("shoal: --dir: ./x is a file", _join.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_environment_and_a_fault_exit_1_without_a_stack_trace()
    {
        _join.Work = _ => throw new IOException("No space left on device : '/x/y'");
        Assert.Equal(ExitCode.Failed, await _join.RunAsync("join", "s", "--hub", "h", "--dir", "x"));
        _join.Work = _ => throw new InvalidOperationException("oops");
        Assert.Equal(ExitCode.Failed, await _join.RunAsync("join", "s", "--hub", "h", "--dir", "x"));

        Assert.Contains("shoal: No space left on device", _join.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: oops", _join.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _join.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_cancels_the_work_and_exits_1_if_the_work_says_nothing_else()
    {
        using var source = new CancellationTokenSource();
        _join.Work = async cancellation =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
            return ExitCode.Done;
        };
        Assert.Equal(ExitCode.Failed, await _join.RunAsync(source.Token, "join", "s", "--hub", "h", "--dir", "x"));
        Assert.Contains(
            "stopped before the work was done; run the same command again.", _join.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_request_to_stop_ends_the_program_at_once()
    {
        using var error = new StringWriter();
        var codes = new List<int>();
        var time = new ManualTime();
        using var stop = new StopSignal(error, CancellationToken.None, time, codes.Add);

        stop.Ask();
        Assert.True(stop.Token.IsCancellationRequested);
        time.Advance(StopSignal.Together - TimeSpan.FromMilliseconds(1));
        stop.Ask();
        Assert.Empty(codes);
        time.Advance(TimeSpan.FromMilliseconds(1));
        stop.Ask();
        Assert.Equal([ExitCode.Failed], codes);
    }

    [Fact]
    public async Task The_end_of_the_leash_stops_the_command_and_is_no_second_request()
    {
        using var error = new StringWriter();
        var codes = new List<int>();
        using var stop = new StopSignal(error, CancellationToken.None, exit: codes.Add);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration _ = stop.Token.Register(stopped.SetResult);

        stop.Follow(new Leash(new MemoryStream(new byte[1000])));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        stop.Ask();
        Assert.Empty(codes);
    }

    [Fact]
    public async Task A_leash_keeps_the_work_back_until_something_comes_if_so_agreed()
    {
        Assert.True(new Leash(Stream.Null).Sign.IsCompleted);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silent = new Leash(Stream.Null) { KeepsBack = true };
        silent.Follow(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(silent.Sign.IsCompleted);

        var pulled = new Leash(new MemoryStream([10])) { KeepsBack = true };
        pulled.Follow(() => { });
        await pulled.Sign.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_command_that_does_not_stop_is_ended_by_force()
    {
        using var error = new StringWriter();
        var codes = new List<int>();
        var time = new ManualTime();
        using var stop = new StopSignal(error, CancellationToken.None, time, codes.Add);

        stop.Ask();
        time.Advance(StopSignal.Grace - TimeSpan.FromMilliseconds(1));
        Assert.Empty(codes);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([ExitCode.Failed], codes);
        Assert.True(StopSignal.Grace < TimeSpan.FromSeconds(5));
    }
}
