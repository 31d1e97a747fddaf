using System.Collections.Immutable;
using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
using Shoal.Core.Edge;
using Shoal.Simulation.Edge;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>Does the work of <c>shoal simulate edge</c>.</summary>
internal static class SimulateEdge
{
    public static Task<int> RunAsync(EdgeArguments arguments, CommandScreen screen, CancellationToken cancellation) =>
        Task.FromResult(Run(arguments, screen, cancellation));

    private static int Run(EdgeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        EdgeDemand demand = EdgeLists.Of(arguments);
        if (arguments.Make is { } folder)
        {
            EdgeFiles.Make(folder, demand);
            screen.Output.WriteLine(
                $"{demand.Files} files are in {Path.Join(folder, EdgeFiles.Catalogue)}, {demand.Clients} lists beside "
                + "it.");
            return ExitCode.Done;
        }

        if (!arguments.AsJson)
        {
            screen.Output.WriteLine(EdgeText.Title(arguments, demand));
        }

        var scenario = new EdgeScenario
        {
            Shape = arguments.Shape,
            Demand = demand,
            Options = arguments.Options with
            {
                Prefilled = arguments.IsPrefilled ? EdgeSetup.SmallestFirst(arguments.Shape, demand) : [],
            },
        };
        ImmutableArray<EdgeRun> runs = [.. arguments.Policies.Select(
            policy => Simulate(scenario with { Policy = policy }, arguments, screen, cancellation))];
        EdgeBounds bounds = scenario.Bounds();
        if (arguments.Trace is { } path)
        {
            EdgeTraceFile.Write(path, runs[0].Trace, demand);
        }

        if (arguments.Gantt is { } picture)
        {
            string title = $"{EdgeText.NameOf(runs[0].Policy)}: {EdgeText.Describe(arguments, demand)}";
            EdgePicture.Write(picture, title, runs[0]);
        }

        Write(runs, bounds, demand, arguments, screen);
        return ExitCode.Done;
    }

    private static EdgeRun Simulate(
        EdgeScenario scenario, EdgeArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        var live = new ScreenLines(screen.Error, screen.IsErrorTerminal, screen.Width);
        live.SetLive(scenario.Policy == EdgePolicy.Planned && scenario.Options.Steps > 0
            ? $"planned: scores {scenario.Options.Steps} schedules"
            : $"{EdgeText.NameOf(scenario.Policy)}: runs");
        try
        {
            return scenario.Run(cancellation);
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

    private static void Write(
        ImmutableArray<EdgeRun> runs, EdgeBounds bounds, EdgeDemand demand, EdgeArguments arguments,
        CommandScreen screen)
    {
        ListOrder order = arguments.Options.Order;
        if (arguments.AsJson)
        {
            EdgeDocument[] all = [.. runs.Select(run => EdgeDocument.Of(run, bounds, demand, arguments))];
            EdgeDocument document = all.Length == 1 ? all[0] : all[0] with { Policies = all };
            screen.Output.WriteLine(JsonSerializer.Serialize(document, EdgeJson.Default.EdgeDocument));
            return;
        }

        foreach (string line in runs.Length == 1
            ? EdgeText.Lines(runs[0], bounds, demand, order)
            : EdgeText.Lines(runs, bounds, demand, order))
        {
            screen.Output.WriteLine(line);
        }
    }
}
