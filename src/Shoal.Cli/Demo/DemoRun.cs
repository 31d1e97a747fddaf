using System.Diagnostics;
using System.Text;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;

namespace Shoal.Cli.Demo;

/// <summary>The work of <c>shoal demo</c>: the jobs one after the other, then one page of results.</summary>
internal sealed class DemoRun
{
    private readonly DemoArguments _arguments;
    private readonly CommandScreen _screen;
    private readonly ScreenLines _lines;
    private readonly DemoFolder _folder;

    private DemoRun(DemoArguments arguments, CommandScreen screen, DemoFolder folder)
    {
        _arguments = arguments;
        _screen = screen;
        _lines = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        _folder = folder;
    }

    public static async Task<int> RunAsync(
        DemoArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        using DemoFolder folder = DemoFolder.Create(arguments.KeepFolder, BytesOf(arguments));
        return await new DemoRun(arguments, screen, folder).RunAsync(cancellation);
    }

    private async Task<int> RunAsync(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        var results = new List<DemoResult>();
        DemoJob[] jobs = JobsOf(_arguments);
        foreach ((int i, DemoJob job) in jobs.Index())
        {
            _lines.WriteLine($"{(i > 0 ? "\n" : "")}{Heading(job, i + 1, jobs.Length)}");
            results.Add(await ShowAsync(job, cancellation));
        }

        if (_arguments.ReportFile is { } file)
        {
            using var whole = WholeFile.Create("--report", file);
            whole.Stream.Write(Encoding.UTF8.GetBytes(DemoDocument.Of(results)));
            whole.Complete();
        }

        return Conclude(results, Stopwatch.GetElapsedTime(start));
    }

    private static DemoJob[] JobsOf(DemoArguments arguments) =>
        arguments.Job is { } job ? [job] : Enum.GetValues<DemoJob>();

    // What does not stay makes room for what comes after it.
    private static double BytesOf(DemoArguments arguments)
    {
        IEnumerable<double> needs = JobsOf(arguments).Select(job => job switch
        {
            DemoJob.Exchange or DemoJob.Relay =>
                (double)arguments.BytesPerPeer * arguments.Peers * arguments.Peers,
            DemoJob.Directory => 3.0 * arguments.BytesPerPeer,
            _ => 100_000_000.0,
        });
        return arguments.KeepFolder is null ? needs.Max() : needs.Sum();
    }

    private string Heading(DemoJob job, int number, int count)
    {
        string what = job switch
        {
            DemoJob.Exchange => SwarmDemo.WhatOf(_arguments, job),
            DemoJob.Relay => SwarmDemo.WhatOf(_arguments, job),
            DemoJob.Edge => EdgeDemo.What,
            DemoJob.Directory => "Two people find and fetch a file by its name, at shells",
            DemoJob.Lottery => "Agencies send bets, and ask for their winners after the draw",
            _ => throw new UnreachableException(),
        };
        return count > 1 ? $"{number} of {count}, {DemoPage.NameOf(job)}. {what}." : $"{what}.";
    }

    private async Task<DemoResult> ShowAsync(DemoJob job, CancellationToken cancellation)
    {
        using DemoFolder folder = _folder.Of(job);
        var stage = new DemoStage(_arguments, _screen, _lines, folder);
        try
        {
            return await (job switch
            {
                DemoJob.Exchange or DemoJob.Relay => new SwarmDemo(job, stage).RunAsync(cancellation),
                DemoJob.Edge => new EdgeDemo(stage).RunAsync(cancellation),
                DemoJob.Directory => new DirectoryDemo(stage).RunAsync(cancellation),
                DemoJob.Lottery => new LotteryDemo(stage).RunAsync(cancellation),
                _ => throw new UnreachableException(),
            });
        }
        catch (WorkFailedException e)
        {
            return new DemoResult { Job = job, What = Heading(job, 1, 1), Problems = [e.Message] };
        }
    }

    private int Conclude(IReadOnlyList<DemoResult> results, TimeSpan time)
    {
        _lines.WriteLine("");
        if (_arguments.IsJson)
        {
            _screen.Output.Write(DemoDocument.Of(results));
        }
        else
        {
            foreach (string line in DemoPage.Of(results))
            {
                _screen.Output.WriteLine(line);
            }
        }

        if (_arguments.KeepFolder is not null)
        {
            _lines.WriteLine($"Files, logs and reports are in {_folder.Root}.");
        }

        if (results.Any(result => result.Problems.Count > 0))
        {
            _screen.Error.WriteLine("shoal: NOT everything is right. With --keep DIR you can look at the logs.");
            return ExitCode.Failed;
        }

        _lines.WriteLine($"Everything is right, after {new Duration(time).ToWait()} in all.");
        return ExitCode.Done;
    }
}
