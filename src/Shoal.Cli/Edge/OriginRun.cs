using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>The work of <c>shoal origin</c>.</summary>
internal static class OriginRun
{
    public static Task<int> RunAsync(
        OriginArguments arguments, CommandScreen screen, CancellationToken cancellation) =>
        TierWork.RunAsync(arguments.Common, screen, async (lines, log) =>
        {
            Check(arguments.Common.Member.Folder);
            OriginResult result = await OriginHost.RunAsync(
                OptionsOf(arguments), TimeProvider.System, log.CreateLogger("origin"), cancellation);
            OriginText.Write(result, arguments.AreRatesKnown, screen.Output);
            TierReport.Write(
                arguments.Common.Member.ReportFile, OriginDocument.Of(result, arguments.AreRatesKnown));
            if (result.IsComplete || arguments.Stay)
            {
                return ExitCode.Done;
            }

            screen.Error.WriteLine("shoal: it was stopped before every client had everything.");
            return ExitCode.Failed;
        });

    // A folder that others fetch into is made; one that a slip of the pen names would be an empty catalogue.
    private static void Check(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new WorkFailedException($"--dir: there is no folder {folder}; name the one that has the files.");
        }
    }

    private static OriginOptions OptionsOf(OriginArguments arguments) =>
        OptionsOf(arguments, arguments.Rates ?? TierRates.Default);

    private static OriginOptions OptionsOf(OriginArguments arguments, TierRates rates) => new()
    {
        Tier = arguments.Common.Tier,
        Hub = arguments.Common.Member.Hub,
        Folder = arguments.Common.Member.Folder,
        Name = arguments.Common.Member.NameHere,
        Listen = arguments.Common.Member.ListenHere,
        Advertise = arguments.Common.Member.Addresses,
        Key = arguments.Common.Member.Key.Load(),
        Stay = arguments.Stay,
        ChunkSize = arguments.ChunkSize,
        Run = new TierOptions
        {
            Rates = new EdgeShape
            {
                OriginToClient = rates.OriginToClient,
                OriginToEdge = rates.OriginToEdge,
                EdgeToClient = rates.EdgeToClient,
            },
            ExpectEdges = arguments.ExpectEdges,
            ExpectClients = arguments.ExpectClients,
            Steps = arguments.Steps,
            Clock = arguments.Clock,
        },
    };
}
