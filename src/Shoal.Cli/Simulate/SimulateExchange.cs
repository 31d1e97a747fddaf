using System.Globalization;
using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>Does the work of <c>shoal simulate exchange</c>.</summary>
internal static class SimulateExchange
{
    /// <summary>A run that takes so many times its bound, and some minutes, hangs.</summary>
    private const double MostRatio = 100;

    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    public static Task<int> RunAsync(
        ScenarioArguments arguments, CommandScreen screen, CancellationToken cancellation) =>
        Task.FromResult(Run(arguments, screen, cancellation));

    private static int Run(ScenarioArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        if (!arguments.AsJson)
        {
            screen.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"random seed {arguments.Scenario.RandomSeed} | {arguments.Title} | {arguments.Replay}"));
        }

        var runs = new List<(PickPolicy Policy, ExchangeRun Run)>();
        foreach (PickPolicy policy in arguments.Policies)
        {
            runs.Add((policy, Simulate(arguments, policy, screen, cancellation)));
        }

        if (arguments.AsJson)
        {
            WriteJson(arguments, runs, screen);
            return ExitCode.Done;
        }

        foreach (string line in runs.Count == 1
            ? ExchangeRunLines.Of(runs[0].Run, arguments)
            : ExchangeRunLines.Of(runs, arguments))
        {
            screen.Output.WriteLine(line);
        }

        return ExitCode.Done;
    }

    private static ExchangeRun Simulate(
        ScenarioArguments arguments, PickPolicy policy, CommandScreen screen, CancellationToken cancellation)
    {
        var live = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        double slowest = Math.Max(arguments.Scenario.Bound.Seconds, MakespanBound.Direct(arguments.Shape).Seconds);
        ExchangeScenario scenario = arguments.Scenario with
        {
            Policy = policy,
            Deadline = double.IsFinite(slowest)
                ? VirtualTime.FromSeconds((MostRatio * slowest) + Slack.TotalSeconds)
                : throw new WorkFailedException("this exchange can never end: a link that is needed has no capacity."),
        };
        try
        {
            return scenario.Run(
                progress => live.SetLive(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.ToString().ToLowerInvariant()}: {progress.Now.Seconds:0.0} s of virtual time, "
                    + $"{100.0 * progress.StoredChunks / progress.AllChunks:0} % of all copies")),
                cancellation);
        }
        catch (BrokenRuleException e)
        {
            throw new WorkFailedException(
                $"a checker stopped the simulation. {e.Message} Again: {arguments.Replay}", e);
        }
        finally
        {
            live.SetLive();
        }
    }

    private static void WriteJson(
        ScenarioArguments arguments, List<(PickPolicy Policy, ExchangeRun Run)> runs, CommandScreen screen)
    {
        ExchangeDocument[] documents = [.. runs.Select(run => ExchangeDocument.Of(run.Policy, run.Run, arguments))];
        Write(documents.Length == 1 ? documents[0] : documents[0] with { Policies = documents }, screen);
    }

    private static void Write(ExchangeDocument document, CommandScreen screen) =>
        screen.Output.WriteLine(JsonSerializer.Serialize(document, ExchangeJson.Default.ExchangeDocument));
}
