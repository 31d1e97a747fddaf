using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>The work of <c>shoal fetch</c>.</summary>
internal static class FetchRun
{
    private const int MostShown = 10;

    public static Task<int> RunAsync(FetchArguments arguments, CommandScreen screen, CancellationToken cancellation) =>
        TierWork.RunAsync(arguments.Common, screen, async (lines, log) =>
        {
            var display = new ProgressDisplay(lines, TimeProvider.System);
            FetchResult result = await FetchHost.RunAsync(
                OptionsOf(arguments, screen), TimeProvider.System, log.CreateLogger("fetch"), display.Show,
                cancellation);
            display.End();
            TierReport.Write(arguments.Common.Member.ReportFile, DocumentOf(result));
            screen.Output.WriteLine(
                $"{result.Files.Length} files, {new ByteSize(result.Files.Sum(file => file.Bytes))} are here; "
                + $"{result.Files.Count(file => file.From == "origin")} came straight from the origin. "
                + $"{new Duration(result.Elapsed)}.");
            return Conclude(result, screen);
        });

    private static int Conclude(FetchResult result, CommandScreen screen)
    {
        Tell(screen, "the origin does not have", [.. result.Unknown.Select(name => name.Value)]);
        Tell(screen, "did not come", [.. result.Missing.Select(name => name.Value)]);
        if (!result.IsListRead)
        {
            screen.Error.WriteLine("shoal: not all of the list was read");
        }

        if (!result.IsListRead || !result.Missing.IsEmpty)
        {
            screen.Error.WriteLine("shoal: run the same command again to go on where this one stopped.");
        }

        return IsComplete(result) ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool IsComplete(FetchResult result) =>
        result.IsListRead && result.Unknown.IsEmpty && result.Missing.IsEmpty;

    private static void Tell(CommandScreen screen, string what, string[] names)
    {
        foreach (string name in names.Take(MostShown))
        {
            screen.Error.WriteLine($"shoal: {what} {name}");
        }

        if (names.Length > MostShown)
        {
            screen.Error.WriteLine($"shoal: {what} {names.Length - MostShown} more");
        }
    }

    private static FetchDocument DocumentOf(FetchResult result) => new(
        IsComplete(result),
        result.Elapsed.TotalMilliseconds,
        [.. result.Files.Select(file => new FetchedFileDocument(
            file.Name.Value, file.Bytes, file.From, file.Time.TotalMilliseconds, file.Clock?.Milliseconds))],
        [.. result.Unknown.Select(name => name.Value)],
        [.. result.Missing.Select(name => name.Value)]);

    private static FetchOptions OptionsOf(FetchArguments arguments, CommandScreen screen) => new()
    {
        Tier = arguments.Common.Tier,
        Hub = arguments.Common.Member.Hub,
        Folder = arguments.Common.Member.Folder,
        Name = arguments.Common.Member.NameHere,
        Key = arguments.Common.Member.Key.Load(),
        Patience = arguments.Common.Patience,
        List = FetchList.Of(arguments.List, new StreamReader(screen.OpenInput())),
        Order = arguments.Order,
    };
}
