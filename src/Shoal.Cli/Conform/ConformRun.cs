using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Conform;

namespace Shoal.Cli.Conform;

/// <summary>The work of <c>shoal conform</c>.</summary>
internal static class ConformRun
{
    public static async Task<int> RunAsync(
        ConformArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        EndpointText directory = arguments.Directory;
        var check = new ConformCheck(
            new ConformOptions
            {
                Directory = directory, Done = arguments.IsJson ? null : result => Tell(result, screen.Output),
            },
            TimeProvider.System);
        ConformReport report = await check.RunAsync(cancellation);
        if (report.Style is not { } style)
        {
            throw new WorkFailedException($"{directory} speaks the protocol in no style: {report.Failure}.");
        }

        int departures = report.Results.Count - report.Kept;
        int code = departures == 0 ? ExitCode.Done : ExitCode.Failed;
        if (arguments.IsJson)
        {
            var document = new ConformDocument(
                directory.ToString(), NameOf(style), report.Kept,
                [.. report.Results.Select(result => new CaseDocument(result.Name, result.Departure))]);
            screen.Output.WriteLine(JsonSerializer.Serialize(document, ConformJson.Default.ConformDocument));
            return code;
        }

        screen.Output.WriteLine(
            $"{directory} answers in style {NameOf(style)}: {report.Kept} of {report.Results.Count} cases as the "
            + $"protocol has them, {(departures == 0 ? "no departure" : $"{departures} departures")}");
        return code;
    }

    private static void Tell(ConformResult result, TextWriter output)
    {
        if (result.Departure is { } departure)
        {
            output.WriteLine($"departs: {result.Name}: {departure}");
        }
    }

    private static string NameOf(DirectoryStyle style) => style switch
    {
        DirectoryStyle.Raw => "raw",
        DirectoryStyle.AsciiBare => "ascii-bare",
        _ => "ascii-nul",
    };
}
