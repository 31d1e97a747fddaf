using System.Diagnostics;
using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
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

        // Who asks for JSON often reads both outputs as one.
        ConformDisplay? display = arguments.IsJson && !screen.IsErrorTerminal ? null : new ConformDisplay(
            new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width), TimeProvider.System);
        var check = new ConformCheck(
            new ConformOptions
            {
                Directory = directory,
                Restart = arguments.Restart is { } command ? token => RestartAsync(command, token) : null,
                Begun = progress => display?.Show(progress),
                Done = arguments.IsJson ? null : result => Tell(result, display, screen.Output),
            },
            TimeProvider.System);
        ConformReport report = await RunAsync(check, display, cancellation);
        if (report.Style is not { } style)
        {
            throw new WorkFailedException($"{directory} speaks the protocol in no style: {report.Failure}.");
        }

        int departures = report.Results.Count - report.Kept;
        int code = departures == 0 ? ExitCode.Done : ExitCode.Failed;
        if (arguments.IsJson)
        {
            var document = new ConformDocument(
                directory.ToString(), DirectoryWords.Of(style), report.Kept, report.LeftOut,
                [.. report.Results.Select(result => new CaseDocument(result.Name, result.Departure))]);
            screen.Output.WriteLine(JsonSerializer.Serialize(document, ConformJson.Default.ConformDocument));
            return code;
        }

        screen.Output.WriteLine(
            $"{directory} answers in style {DirectoryWords.Of(style)}: {report.Kept} of {report.Results.Count} "
            + $"cases as the protocol has them, {(departures == 0 ? "no departure" : $"{departures} departures")}"
            + (report.LeftOut == 0 ? "" : $"; {report.LeftOut} that restart it were left out"));
        return code;
    }

    private static async Task<ConformReport> RunAsync(
        ConformCheck check, ConformDisplay? display, CancellationToken cancellation)
    {
        try
        {
            display?.Begin();
            return await check.RunAsync(cancellation);
        }
        finally
        {
            display?.End();
        }
    }

    // What it prints is for people: the answer may be for a program.
    private static async Task<string?> RestartAsync(string command, CancellationToken cancellation)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", $"exec 1>&2\n{command}"]);
        await shell.WaitForExitAsync(cancellation);
        return shell.ExitCode == 0 ? null : $"--restart: the command ended with exit code {shell.ExitCode}";
    }

    private static void Tell(ConformResult result, ConformDisplay? display, TextWriter output)
    {
        if (result.Departure is { } departure)
        {
            display?.End();
            output.WriteLine($"departs: {result.Name}: {departure}");
        }
    }
}
