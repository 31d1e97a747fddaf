using System.Globalization;
using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
using Shoal.Cli.Reports;
using Shoal.Core.Relay.Star;
using Shoal.Simulation.Exchange;
using Shoal.Simulation.Relay;

namespace Shoal.Cli.Simulate;

/// <summary>Does the work of <c>shoal simulate relay</c>.</summary>
internal static class SimulateRelay
{
    /// <summary>The live line is drawn anew after so many occupations.</summary>
    private const int ProgressEvery = 1 << 16;

    public static Task<int> RunAsync(
        StarArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        if (arguments.CheckFile is { } trace)
        {
            Check(arguments, trace, screen, cancellation);
        }
        else
        {
            Run(arguments, screen, cancellation);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static void Run(StarArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        if (!arguments.AsJson)
        {
            screen.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"random seed {arguments.RandomSeed} | {arguments.Title} | {arguments.Replay}"));
        }

        var runs = new List<(StarPolicy Policy, StarRun Run)>();
        foreach (StarPolicy policy in arguments.Policies)
        {
            runs.Add((policy, Simulate(arguments, policy, screen, cancellation)));
        }

        if (arguments.AsJson)
        {
            StarDocument[] documents = [.. runs.Select(run => StarDocument.Of(run.Policy, run.Run, arguments))];
            Write(documents.Length == 1 ? documents[0] : documents[0] with { Policies = documents }, screen);
            return;
        }

        Write(runs.Count == 1 ? StarRunLines.Of(runs[0].Run) : StarRunLines.Of(runs), screen);
    }

    private static StarRun Simulate(
        StarArguments arguments, StarPolicy policy, CommandScreen screen, CancellationToken cancellation)
    {
        using WholeFile? file = arguments.TraceFile is { } path ? WholeFile.Create("--trace", path) : null;
        StarTraceWriter? trace = file is null
            ? null
            : new StarTraceWriter(file.Stream, StarSetup.Of(arguments.Shape));
        string name = policy.ToString().ToLowerInvariant();
        string title = $"{name}, {arguments.Title}";
        StarRun run = Drawn(arguments, title, picture => Watched(screen, name, progress =>
        {
            var scenario = new StarScenario
            {
                Shape = arguments.Shape,
                Policy = policy,
                RandomSeed = arguments.RandomSeed,
            };
            return Judged(arguments, () => scenario.Run(
                seen =>
                {
                    trace?.Take(seen);
                    picture?.Take(seen);
                    progress(seen);
                },
                cancellation));
        }));
        trace?.Flush();
        file?.Complete();
        return run;
    }

    private static StarRun Judged(StarArguments arguments, Func<StarRun> run)
    {
        try
        {
            return run();
        }
        catch (BrokenRuleException e)
        {
            throw new WorkFailedException(
                $"a checker stopped the simulation. {e.Message} Again: {arguments.Replay}", e);
        }
    }

    private static StarRun Watched(CommandScreen screen, string policy, Func<Action<Occupation>, StarRun> run)
    {
        var live = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        int count = 0;
        try
        {
            return run(seen =>
            {
                if (++count % ProgressEvery == 0)
                {
                    live.SetLive(string.Create(
                        CultureInfo.InvariantCulture, $"{policy}: {seen.Start.Seconds:0.0} s of virtual time"));
                }
            });
        }
        finally
        {
            live.SetLive();
        }
    }

    private static StarRun Drawn(StarArguments arguments, string title, Func<StarPicture?, StarRun> run)
    {
        if (arguments.GanttFile is not { } path)
        {
            return run(null);
        }

        using var file = WholeFile.Create("--gantt", path);
        var picture = new StarPicture(title, arguments.Shape.Chunks.Length);
        StarRun done = run(picture);
        picture.Write(file.Stream, done.Makespan);
        file.Complete();
        return done;
    }

    private static void Check(
        StarArguments arguments, string path, CommandScreen screen, CancellationToken cancellation)
    {
        var check = new StarCheck(arguments.Shape, path);
        string title = $"{Path.GetFileName(path)}, {arguments.Title}";
        StarRun run = Drawn(
            arguments, title, picture => check.Run(picture is null ? null : picture.Take, cancellation));
        if (arguments.AsJson)
        {
            Write(StarDocument.Of(null, run, arguments), screen);
            return;
        }

        screen.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path} keeps every rule, {check.Occupations} occupations | {arguments.Title}"));
        Write(StarRunLines.Of(run), screen);
    }

    private static void Write(IEnumerable<string> lines, CommandScreen screen)
    {
        foreach (string line in lines)
        {
            screen.Output.WriteLine(line);
        }
    }

    private static void Write(StarDocument document, CommandScreen screen) =>
        screen.Output.WriteLine(JsonSerializer.Serialize(document, StarJson.Default.StarDocument));
}
