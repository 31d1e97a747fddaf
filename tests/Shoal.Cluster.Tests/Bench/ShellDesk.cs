using System.Globalization;
using System.Text;
using Shoal.Cli.Frame;
using Shoal.Cli.Shell;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A terminal with the shell in it: the real session and the real directory, connections in memory, files on the disk.
/// </summary>
internal sealed class ShellDesk : IRequestClock, IAsyncDisposable
{
    private readonly MemoryDirectory _directory;
    private readonly Scratch _scratch = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly CommandShell _shell;
    private TimeServiceClock? _service;

    public ShellDesk(MemoryDirectory directory, Func<UserOptions, UserOptions>? adjust = null)
    {
        _directory = directory;
        Sent = new TappedTransport(directory.Network);
        var options = new UserOptions
        {
            Hub = MemoryDirectory.Address,
            Listen = MemoryDirectory.Address with { Port = 0 },
            Folder = _scratch.Root,
            Meters = directory,
            DrainLimit = TimeSpan.FromMilliseconds(200),
        };
        Options = adjust?.Invoke(options) ?? options;
        Session = new UserSession(Options, Sent, this, TimeProvider.System, directory.Log);
        _shell = new CommandShell(Session, new ShellMemory(), _scratch.Root, null, _output, _error);
    }

    public UserOptions Options { get; }

    public UserSession Session { get; }

    /// <summary>What this terminal sends.</summary>
    public TappedTransport Sent { get; }

    public Scratch Files => _scratch;

    /// <summary>Why things failed, since the beginning.</summary>
    public string Reasons => _error.ToString();

    /// <summary>Runs a line and returns what was printed, with the port that was chosen as PORT.</summary>
    public async Task<string> RunAsync(string line)
    {
        _output.GetStringBuilder().Clear();
        string port = Port();
        await _shell.RunAsync(line, TestContext.Current.CancellationToken).WaitAsync(Limits.Wait);
        return Hide(_output.ToString(), port.Length > 0 ? port : Port());
    }

    /// <summary>
    /// What was sent to the directory or to others since the last look, with the port as PORT. Whether the directory is
    /// one of this make is no operation of the user; <c>OfferTests</c> say when that is asked.
    /// </summary>
    public string[] TakeSent() =>
    [
        .. Sent.Take().Where(text => !text.Contains($"\0{ExchangeSign.Name}\0", StringComparison.Ordinal))
            .Select(text => Hide(text, Port())),
    ];

    /// <summary>Runs a whole session on a pipe and returns everything that it printed.</summary>
    public Task<string> PipeAsync(string input) => SessionAsync(input, TestContext.Current.CancellationToken);

    /// <summary>From now on dates come from a service that is not there, so from this machine's clock.</summary>
    public void LoseTimeService() => _service = new TimeServiceClock(
        new Uri("http://127.0.0.1:1"), new StampTime(), text => _error.WriteLine($"shoal: {text}"), _directory.Log);

    /// <summary>A session that is interrupted at once.</summary>
    public Task<string> InterruptAsync() => SessionAsync("", new CancellationToken(canceled: true));

    public ShellArguments ArgumentsOf(string? script) => new()
    {
        Hub = MemoryDirectory.Address,
        Style = DirectoryStyle.AsciiNul,
        Time = null,
        Listen = null,
        Folder = _scratch.Root,
        Script = script,
        LogFile = null,
    };

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _service?.Dispose();
        _scratch.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    ValueTask<string> IRequestClock.StampAsync(CancellationToken cancellationToken) =>
        _service?.StampAsync(cancellationToken) ?? ValueTask.FromResult(Caller.Stamp.TrimEnd('\0'));

    private async Task<string> SessionAsync(string input, CancellationToken cancellation)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var screen = new CommandScreen(output, _error, false, false, false, 110)
        {
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
        };
        await ShellRun.RunAsync(ArgumentsOf(null), Session, screen, cancellation)
            .WaitAsync(Limits.Wait, CancellationToken.None);
        return output.ToString();
    }

    private string Port() => Session.Address?.Port.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Hide(string text, string port) =>
        port.Length > 0 ? text.Replace(port, "PORT", StringComparison.Ordinal) : text;

    /// <summary>A clock that stands at the date of <see cref="Caller.Stamp"/>.</summary>
    private sealed class StampTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 25, 17, 30, 5, TimeSpan.Zero);
    }
}
