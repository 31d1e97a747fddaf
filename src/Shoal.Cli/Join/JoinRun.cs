using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Logging;
using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Hosts.Rehearsals;
using Shoal.Hosts.User;

namespace Shoal.Cli.Join;

/// <summary>The work of <c>shoal join</c>.</summary>
internal static class JoinRun
{
    public static async Task<int> RunAsync(
        JoinArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using LogOutput log = LogOutput.Start(screen, arguments.Member.LogFile);
        PeerOptions options = OptionsOf(arguments);
        try
        {
            if (arguments.IsDryRun)
            {
                Preview(await PeerHost.PreviewAsync(options, TimeProvider.System, cancellation), arguments, screen);
                return ExitCode.Done;
            }

            screen.Settings.Log(log.Factory.CreateLogger("peer"));
            var display = new ProgressDisplay(log.Console, TimeProvider.System);
            await using var nowhere = LogOutput.Nowhere(LogLevel.Debug);
            Action<PeerProgress> show = arguments.IsProgressJson
                ? progress => ProgressFeed.Write(screen.Output, progress)
                : display.Show;
            PeerResult result = await PublicPeer.RunAsync(
                options with
                {
                    Rehearse = (stage, token) => PeerRehearsal.RunAsync(
                        stage, options.Key, TimeProvider.System, nowhere.Factory.CreateLogger("peer"), token),
                },
                arguments.Style, TimeProvider.System, log.Factory.CreateLogger("peer"), show, cancellation);
            display.End();
            return Conclude(result, arguments, screen);
        }
        catch (Exception e) when (e is HostException or IOException)
        {
            log.Console.SetLive();
            throw new WorkFailedException(e.Message, e);
        }
    }

    private static PeerOptions OptionsOf(JoinArguments arguments)
    {
        MemberArguments member = arguments.Member;
        return new PeerOptions
        {
            Swarm = arguments.Swarm,
            Hub = member.Hub,
            Folder = member.Folder,
            Name = member.NameHere,
            Key = member.Key.Load(),
            Listen = member.ListenHere,
            Advertise = member.Addresses,
            Capacity = new DeclaredCapacity(arguments.Up?.BytesPerSecond, arguments.Down?.BytesPerSecond),
            Relay = arguments.Relay,
            UpLimit = Limit(arguments.UpLimit),
            DownLimit = Limit(arguments.DownLimit),
            Expect = arguments.Expect,
            Stay = arguments.Stay,
            Patience = arguments.Patience,
            ChunkSize = arguments.ChunkSize,
            Excludes = arguments.Exclude,
            Md5 = arguments.Md5,
        };
    }

    private static double? Limit(BitRate? rate) =>
        rate is { BytesPerSecond: < double.PositiveInfinity and var limit } ? limit : null;

    private static void Preview(FolderPreview preview, JoinArguments arguments, CommandScreen screen)
    {
        foreach (PreviewFile file in preview.Files)
        {
            screen.Output.WriteLine($"{file.Name}  {new ByteSize(file.Bytes)}");
        }

        foreach (string note in preview.Notes)
        {
            screen.Error.WriteLine($"shoal: {note}");
        }

        screen.Output.WriteLine(
            $"{Counted.Of(preview.Files.Length, "name")}, {new ByteSize(preview.Files.Sum(file => file.Bytes))} would "
            + $"be shared with swarm {arguments.Swarm}; {new ByteSize(preview.FreeBytes)} are free for what comes.");
        switch (preview.Coming)
        {
            case ComingPreview.Known known:
                Preview(known, preview.FreeBytes, screen);
                break;
            case ComingPreview.Unknown unknown:
                screen.Output.WriteLine($"What would come is not known: {unknown.Reason}.");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Preview(ComingPreview.Known known, long free, CommandScreen screen)
    {
        foreach (ComingFile file in known.Files)
        {
            screen.Output.WriteLine($"{file.Name}  {new ByteSize(file.Bytes)}, from {file.Origin}");
        }

        string members = known.Members.IsEmpty ? "nobody is in the swarm yet" : string.Join(", ", known.Members);
        screen.Output.WriteLine(
            $"{Counted.Of(known.Files.Length, "name")}, {new ByteSize(known.Bytes)} would come. "
            + $"Members now: {members}.");
        if (!known.Unheard.IsEmpty)
        {
            screen.Output.WriteLine(
                $"No file is known of {string.Join(", ", known.Unheard)}: nothing is shared there, or not read yet.");
        }

        if (known.Bytes > free)
        {
            screen.Output.WriteLine($"There is not enough room: {new ByteSize(known.Bytes - free)} are lacking.");
        }
    }

    private static int Conclude(PeerResult result, JoinArguments arguments, CommandScreen screen)
    {
        if (result.Outcome is SwarmOutcome.Refused refused)
        {
            throw new WorkFailedException($"the hub at {arguments.Member.Hub} refused: {refused.Reason}.");
        }

        RunReport report = ReportOf(result, arguments);
        if (!arguments.IsProgressJson)
        {
            ReportScreen.Show(screen, report);
        }

        foreach (var file in result.Md5)
        {
            screen.Output.WriteLine($"{file.Hex}  {file.Name}");
        }

        if (arguments.Member.ReportFile is not null)
        {
            ReportFile.Write(arguments.Member.ReportFile, report);
        }

        if (report.Result != RunResult.Complete)
        {
            string why = report.Result == RunResult.Stopped ? "stopped before it was done" : "not everything came";
            screen.Error.WriteLine($"shoal: {why}. Run the same command again to go on where this one stopped.");
            return ExitCode.Failed;
        }

        return ExitCode.Done;
    }

    private static RunReport ReportOf(PeerResult result, JoinArguments arguments)
    {
        var report = new RunReport
        {
            Swarm = arguments.Swarm,
            Peer = result.Name,
            Files = [.. result.Files.Select(file => new FileReport(
                file.Name.Value, file.Bytes, file.Time,
                [.. file.Sources.Select(source => new FileSource(source.Key, source.Value))])
            {
                Clock = file.Clock,
            })],
            Clock = result.Clock,
        };
        return result.Outcome switch
        {
            SwarmOutcome.Complete complete => report with
            {
                Exchange = complete.Report,
                Vanished = [.. complete.Vanished.Select(member => member.Name)],
            },
            SwarmOutcome.Incomplete incomplete => report with
            {
                Result = RunResult.Incomplete,
                Exchange = incomplete.Report,
                Missing = [.. incomplete.Missing.SelectMany(MissingOf)],
            },
            _ => report with { Result = RunResult.Stopped },
        };
    }

    private static IEnumerable<MissingFile> MissingOf(MissingContent content) =>
        content.Names.IsEmpty
            ? [new MissingFile(content.Content.Brief, content.MissingChunks, content.MissingBytes, content.Holders)]
            : content.Names.Select(name => new MissingFile(
                name.Value, content.MissingChunks, content.MissingBytes, content.Holders));
}
