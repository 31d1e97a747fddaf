using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Reports;
using Shoal.Core.Exchange;

namespace Shoal.Cli.Demo;

/// <summary>
/// Shows an exchange: a hub on a free port and peers that join it, of which the last may have everything pass the hub.
/// </summary>
internal sealed class SwarmDemo(DemoJob job, DemoStage stage)
{
    private readonly DemoArguments _arguments = stage.Arguments;
    private readonly SwarmFolders _folders = new(stage.Folder.Root, stage.Arguments.Peers);

    private bool IsRelayed => job == DemoJob.Relay;

    private int Copies => _arguments.Peers * _arguments.Peers;

    /// <summary>What is shown, in a few words.</summary>
    public static string WhatOf(DemoArguments arguments, DemoJob job)
    {
        string all = new ByteSize(arguments.BytesPerPeer * arguments.Peers).ToString();
        return job == DemoJob.Relay
            ? $"{arguments.Peers} peers, all {all} everywhere, one peer through the hub"
            : $"{arguments.Peers} peers, each with a file of {new ByteSize(arguments.BytesPerPeer)}: all {all} "
                + "everywhere";
    }

    /// <summary>Shows it.</summary>
    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        var files = new DemoFiles(_arguments, _folders);
        stage.Lines.WriteLine($"Links: {LinkText()}.");
        await stage.CountAsync("making files", _arguments.Peers, done => files.MakeAsync(done, cancellation));
        await ExchangeAsync(cancellation);
        RunReport report = DemoReport.Merge(
            [.. Enumerable.Range(0, _arguments.Peers).Select(peer => ReportFile.Read(_folders.ReportOf(peer)))]);
        ReportFile.Write(_folders.Report, report);
        IReadOnlyList<string> problems = [];
        await stage.CountAsync("checking copies", Copies, async done =>
            problems = await files.CheckAsync(done, cancellation));
        if (_arguments is { Job: not null, IsJson: false })
        {
            ReportScreen.Show(stage.Screen, report);
        }

        return Conclude(report, problems);
    }

    private string LinkText() => double.IsPositiveInfinity(_arguments.Link.BytesPerSecond)
        ? "as fast as this machine can"
        : $"{_arguments.Link} up and down for each peer, kept by limits (--link)";

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        await using var cast = new DemoCast();
        string hub = await cast.ListenAsync(
            "the hub", ["hub", "--listen", "127.0.0.1:0", "--log", Path.Combine(_folders.Logs, "hub.log")],
            "hub_listen", cancellation);
        stage.Lines.WriteLine($"The hub listens at {hub}. Each peer is a process of its own, for example:");
        stage.ShowCommand(CommandOf(_arguments.Peers - 1, hub));

        var progress = new DemoProgress(
            stage.Lines, TimeProvider.System, _arguments.Peers, _arguments.BytesPerPeer);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task showing = progress.ShowAsync(ended.Token);
        try
        {
            DemoProcess[] peers =
            [
                .. Enumerable.Range(0, _arguments.Peers).Select(peer => StartPeer(cast, peer, hub, progress)),
            ];
            await cast.SucceedAsync(peers, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }
    }

    // The command line of a peer.
    private string[] CommandOf(int peer, string hub)
    {
        string link = _arguments.Link.ToArgument();
        string[] shape = double.IsPositiveInfinity(_arguments.Link.BytesPerSecond)
            ? []
            : ["--up", link, "--down", link, "--up-limit", link, "--down-limit", link];
        string[] path = IsRelayed && peer == _arguments.Peers - 1 ? ["--relay", "always"] : [];
        return
        [
            "join", "demo", "--hub", hub, "--dir", _folders.OfPeer(peer), "--name", DemoPeer.NameOf(peer),
            "--expect", _arguments.Peers.ToString(CultureInfo.InvariantCulture), .. path, .. shape,
        ];
    }

    private DemoProcess StartPeer(DemoCast cast, int peer, string hub, DemoProgress progress) => cast.Start(
        DemoPeer.NameOf(peer),
        [
            .. CommandOf(peer, hub), "--progress-json", "--report", _folders.ReportOf(peer),
            "--log", _folders.LogOf(peer),
        ],
        line =>
        {
            if (Progress.ProgressFeed.Read(line) is { } snapshot)
            {
                progress.Tell(peer, snapshot);
            }
        },
        _ => { });

    private DemoResult Conclude(RunReport report, IReadOnlyList<string> problems)
    {
        ExchangeReport exchange = report.Exchange
            ?? throw new WorkFailedException("no peer was told how the run went.");
        string[] wrong = [.. problems, .. IsRelayed ? NotRelayed(exchange) : []];
        string[] right =
        [
            $"{Copies} files on {_arguments.Peers} peers, each equal to its owner's (SHA-256)",
            .. IsRelayed
                ? [$"all that {DemoPeer.NameOf(_arguments.Peers - 1)} got and gave passed the hub"]
                : Array.Empty<string>(),
        ];
        return new DemoResult
        {
            Job = job,
            What = WhatOf(_arguments, job),
            Time = exchange.Makespan,
            Bound = exchange.Ratio is null ? null : new DemoBound(
                exchange.LowerBound,
                exchange.BoundSource == BoundSource.Declared ? DemoBoundSource.Declared : DemoBoundSource.Estimated,
                exchange.Binding),
            Checks = wrong.Length == 0 ? right : [],
            Problems = wrong,
        };
    }

    // What it cannot give or get directly the others may get through the hub as well, if they are slow to meet.
    private IEnumerable<string> NotRelayed(ExchangeReport exchange)
    {
        string relayed = DemoPeer.NameOf(_arguments.Peers - 1);
        PeerTally tally = exchange.Peers.Single(peer => peer.Name == relayed).Tally;
        if (tally.RelayedReceived != tally.BytesReceived || tally.RelayedSent != tally.BytesSent)
        {
            yield return $"{relayed} got {new ByteSize(tally.BytesReceived - tally.RelayedReceived)} and gave "
                + $"{new ByteSize(tally.BytesSent - tally.RelayedSent)} past the hub";
        }
    }
}
