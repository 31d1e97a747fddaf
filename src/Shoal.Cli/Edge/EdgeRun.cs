using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>The work of <c>shoal edge</c>.</summary>
internal static class EdgeRun
{
    public static Task<int> RunAsync(EdgeArguments arguments, CommandScreen screen, CancellationToken cancellation) =>
        TierWork.RunAsync(arguments.Common, screen, async (lines, log) =>
        {
            EdgeResult result = await EdgeHost.RunAsync(
                OptionsOf(arguments), TimeProvider.System, log.CreateLogger("edge"), cancellation);
            screen.Output.WriteLine(
                $"{new ByteSize(result.FilledBytes)} came, {new ByteSize(result.SentBytes)} went to clients; at most "
                + $"{new ByteSize(result.PeakBytes)} of {new ByteSize(arguments.Capacity)} were held.");
            TierReport.Write(
                arguments.Common.Member.ReportFile,
                new EdgeRunDocument(result.IsComplete, result.FilledBytes, result.SentBytes, result.PeakBytes));
            return ExitCode.Done;
        });

    private static EdgeOptions OptionsOf(EdgeArguments arguments) => new()
    {
        Tier = arguments.Common.Tier,
        Hub = arguments.Common.Member.Hub,
        Folder = arguments.Common.Member.Folder,
        Name = arguments.Common.Member.NameHere,
        Listen = arguments.Common.Member.ListenHere,
        Advertise = arguments.Common.Member.Addresses,
        Key = arguments.Common.Member.Key.Load(),
        Patience = arguments.Common.Patience,
        Capacity = arguments.Capacity,
        Http = arguments.Http,
        Stay = arguments.Stay,
    };
}
