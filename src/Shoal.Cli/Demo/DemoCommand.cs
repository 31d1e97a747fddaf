using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>Defines <c>shoal demo</c>.</summary>
internal static class DemoCommand
{
    private const int FewestPeers = 2;

    private const int MostPeers = 64;

    public static Command Create(CommandRun<DemoArguments> run, CommandScreen screen)
    {
        var job = new Argument<string>("JOB")
        {
            Description = "What to show: exchange (every peer ends with every file)",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "exchange",
        };
        job.AcceptOnlyFromAmong("exchange");
        Option<int> peers = TypedOption.WithDefault(
            "--peers", "N", "How many peers to start", WholeNumber.From(FewestPeers, MostPeers), "4");
        Option<ByteSize> size = TypedOption.WithDefault<ByteSize>(
            "--size", "SIZE", "How many bytes each peer owns", ByteSize.TryParse, "64MB");
        Option<BitRate> link = TypedOption.WithDefault<BitRate>(
            "--link", "RATE", "The speed of each peer's link, each way, kept by limits, so that the lower bound is "
            + "known; 'unlimited' goes as fast as this machine can", BitRate.TryParse, "200Mbit");
        Option<string?> keep = CommonOptions.Text("--keep", "DIR", "Keep files, logs and report in this folder");
        Option<ulong> randomSeed = CommonOptions.RandomSeed("1");
        Option<string?> report = CommonOptions.Report();
        var command = new ShoalCommand(
            "demo",
            "Shows a job on this machine: makes files, starts a hub and peers as processes of their own, and checks "
            + "every file of every peer at the end.",
            "shoal demo",
            "shoal demo exchange --peers 4 --size 500MB",
            "shoal demo --link unlimited --size 500MB          # as fast as this machine can",
            "shoal demo --keep ./demo --report demo.json")
        {
            job,
            peers,
            size,
            link,
            keep,
            randomSeed,
            report,
        };
        command.RunBy(
            result => new DemoArguments
            {
                Job = DemoJob.Exchange,
                Peers = result.GetValue(peers),
                BytesPerPeer = result.GetValue(size).Bytes,
                Link = result.GetValue(link),
                KeepFolder = result.GetValue(keep),
                RandomSeed = result.GetValue(randomSeed),
                ReportFile = result.GetValue(report),
            },
            run, screen);
        return command;
    }
}
