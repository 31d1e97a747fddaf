using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>Defines <c>shoal demo</c>.</summary>
internal static class DemoCommand
{
    private const int FewestPeers = 2;

    private const int MostPeers = 64;

    private const string All = "all";

    public static Command Create(CommandRun<DemoArguments> run, CommandScreen screen)
    {
        var job = new Argument<string>("JOB")
        {
            Description = "What to show: all, exchange (every peer ends with every file), relay (one peer's chunks "
                + "pass the hub), edge (clients fetch by lists), directory (two people at shells) or lottery",
            HelpName = "JOB",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => All,
        };
        string[] jobs = [All, .. Enum.GetValues<DemoJob>().Select(DemoPage.NameOf)];
        job.Validators.Add(result => TypedOption.RefuseOthers(result, "JOB", jobs));
        job.CompletionSources.Add(jobs);
        Option<int> peers = TypedOption.WithDefault(
            "--peers", "N", "How many peers to start", WholeNumber.From(FewestPeers, MostPeers), "4");
        Option<ByteSize> size = TypedOption.WithDefault<ByteSize>(
            "--size", "SIZE", "How many bytes each peer owns, and the directory's file has", ByteSize.TryParse, "64MB");
        Option<BitRate> link = TypedOption.WithDefault<BitRate>(
            "--link", "RATE", "The speed of each peer's link, each way, kept by limits, so that the lower bound is "
            + "known; 'unlimited' goes as fast as this machine can", BitRate.TryParse, "200Mbit");
        Option<string?> keep = CommonOptions.Text("--keep", "DIR", "Keep files, logs and reports in this folder");
        Option<ulong> randomSeed = CommonOptions.RandomSeed("1");
        Option<string?> report = CommonOptions.Report();
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "demo",
            "Shows all jobs, or one, on this machine: makes files and bets, starts hubs and who comes to them as "
            + "processes of their own, and compares everything at the end. Exit code 0 only if all is right.",
            "shoal demo",
            "shoal demo exchange --peers 4 --size 500MB",
            "shoal demo exchange --link unlimited --size 500MB # as fast as this machine can",
            "shoal demo lottery --json",
            "shoal demo --keep ./demo --report demo.json")
        {
            job,
            peers,
            size,
            link,
            keep,
            randomSeed,
            report,
            json,
        };
        command.RunBy(
            result => new DemoArguments
            {
                Job = Enum.TryParse(result.GetValue(job), ignoreCase: true, out DemoJob one) ? one : null,
                Peers = result.GetValue(peers),
                BytesPerPeer = result.GetValue(size).Bytes,
                Link = result.GetValue(link),
                KeepFolder = result.GetValue(keep),
                RandomSeed = result.GetValue(randomSeed),
                ReportFile = result.GetValue(report),
                IsJson = result.GetValue(json),
            },
            run, screen);
        return command;
    }
}
