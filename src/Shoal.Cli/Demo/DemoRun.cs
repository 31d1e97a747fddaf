using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;

namespace Shoal.Cli.Demo;

/// <summary>The work of <c>shoal demo</c>.</summary>
internal sealed class DemoRun
{
    private readonly DemoArguments _arguments;
    private readonly CommandScreen _screen;
    private readonly ScreenLines _lines;
    private readonly DemoFolder _folder;
    private readonly DemoFiles _files;

    private DemoRun(DemoArguments arguments, CommandScreen screen, DemoFolder folder)
    {
        _arguments = arguments;
        _screen = screen;
        _lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        _folder = folder;
        _files = new DemoFiles(arguments, folder);
    }

    public static async Task<int> RunAsync(
        DemoArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        using DemoFolder folder = DemoFolder.Create(arguments);
        return await new DemoRun(arguments, screen, folder).RunAsync(cancellation);
    }

    private async Task<int> RunAsync(CancellationToken cancellation)
    {
        var total = new ByteSize(_arguments.BytesPerPeer * _arguments.Peers);
        _lines.WriteLine(
            $"{_arguments.Peers} peers, each with a file of {new ByteSize(_arguments.BytesPerPeer)}: every one shall "
            + $"end with all {total}.");
        _lines.WriteLine($"Links: {LinkText()}.");
        await CountAsync("making files", _arguments.Peers, done => _files.MakeAsync(done, cancellation));
        await ExchangeAsync(cancellation);
        RunReport report = DemoReport.Merge(
            [.. Enumerable.Range(0, _arguments.Peers).Select(peer => ReportFile.Read(_folder.ReportOf(peer)))]);

        IReadOnlyList<string> problems = [];
        int copies = _arguments.Peers * _arguments.Peers;
        await CountAsync("checking copies", copies, async done =>
            problems = await _files.CheckAsync(done, cancellation));
        ReportScreen.Show(_screen, report);
        if (_arguments.ReportFile is { } file)
        {
            ReportFile.Write(file, report);
        }

        return Conclude(report, problems, copies);
    }

    private string LinkText() => double.IsPositiveInfinity(_arguments.Link.BytesPerSecond)
        ? "as fast as this machine can"
        : $"{_arguments.Link} up and down for each peer, kept by limits (--link)";

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        await using var swarm = new DemoSwarm(_arguments, _folder);
        string hub = await swarm.StartHubAsync(cancellation);
        _lines.WriteLine($"The hub listens at {hub}. Each peer is a process of its own, for example:");
        foreach (string line in ExampleOf(swarm.CommandOf(0, hub)))
        {
            _lines.WriteLine(line);
        }

        var progress = new DemoProgress(_lines, TimeProvider.System, _arguments.Peers, _arguments.BytesPerPeer);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task showing = progress.ShowAsync(ended.Token);
        try
        {
            await swarm.ExchangeAsync(hub, progress, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }
    }

    // The command line of a peer, what it must say before what shapes its link.
    private static IEnumerable<string> ExampleOf(string[] command)
    {
        int shape = Array.IndexOf(command, "--up");
        return shape < 0
            ? [$"  shoal {string.Join(' ', command)}"]
            :
            [
                $"  shoal {string.Join(' ', command[..shape])} \\",
                $"      {string.Join(' ', command[shape..])}",
            ];
    }

    private async Task CountAsync(string what, int total, Func<Action, Task> work)
    {
        int count = 0;
        try
        {
            await work(() => _lines.SetLive(string.Create(
                CultureInfo.InvariantCulture, $"{what}: {Interlocked.Increment(ref count)} of {total}")));
        }
        finally
        {
            _lines.SetLive();
        }
    }

    private int Conclude(RunReport report, IReadOnlyList<string> problems, int copies)
    {
        foreach (string problem in problems)
        {
            _screen.Error.WriteLine($"shoal: {problem}.");
        }

        if (_arguments.KeepFolder is not null)
        {
            _screen.Output.WriteLine($"Files, logs and reports are in {_folder.Root}.");
        }

        if (problems.Count > 0)
        {
            _screen.Error.WriteLine("shoal: the copies are NOT all equal. Look at the logs with --keep DIR.");
            return ExitCode.Failed;
        }

        if (report.Exchange is null)
        {
            _screen.Error.WriteLine("shoal: no peer was told how the run went.");
            return ExitCode.Failed;
        }

        _screen.Output.WriteLine(
            $"Checked: {copies} files on {_arguments.Peers} peers, each equal to its owner's (SHA-256).");
        _screen.Output.WriteLine(DemoReport.Conclusion(report.Exchange));
        return ExitCode.Done;
    }
}
