using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Simulation.Edge;

/// <summary>
/// An edge tier to run in virtual time: its machine, and connections that are as fast as they should be.
/// </summary>
public sealed record EdgeScenario
{
    /// <summary>The links and the capacity.</summary>
    public required EdgeShape Shape { get; init; }

    /// <summary>The lists.</summary>
    public required EdgeDemand Demand { get; init; }

    /// <summary>Who decides. Default: <see cref="EdgePolicy.Planned"/>.</summary>
    public EdgePolicy Policy { get; init; }

    /// <summary>What is asked of a plan, where there is one; order, limit and prefill hold for every policy.</summary>
    public EdgePlanOptions Options { get; init; } = new();

    /// <summary>Which files some edge holds before the clock starts; empty: none.</summary>
    private ImmutableArray<bool> IsPrefilled => [.. Options.Prefilled.Select(edge => edge >= 0)];

    /// <summary>What no run can beat.</summary>
    public EdgeBounds Bounds() => EdgeBounds.Of(Shape, Demand, IsPrefilled.AsSpan());

    /// <summary>Runs it, judged by a checker.</summary>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="BrokenRuleException">The run broke a rule of the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EdgeRun Run(CancellationToken cancellation)
    {
        EdgeSetup setup = Policy == EdgePolicy.Planned
            ? EdgePlanner.Plan(Shape, Demand, Options, cancellation)
            : new EdgeSetup
            {
                Shape = Shape,
                Demand = Demand,
                Policy = Policy,
                Prefilled = Options.Prefilled,
                Limit = Options.Limit,
            };
        ImmutableArray<EdgeTraceEntry> trace = Play(setup, cancellation);
        new EdgeChecker(Shape, Demand, Options).Check(trace);
        return new EdgeRun(Policy, Shape, Demand, Options.Prefilled, trace);
    }

    private static ImmutableArray<EdgeTraceEntry> Play(EdgeSetup setup, CancellationToken cancellation)
    {
        var rehearsal = new EdgeRehearsal(setup);
        var trace = ImmutableArray.CreateBuilder<EdgeTraceEntry>();
        var started = new Dictionary<EdgeTransfer, VirtualTime>();
        rehearsal.Begin();
        Note(rehearsal, started, trace);
        while (rehearsal.TryStep(out EdgeTransfer ended))
        {
            cancellation.ThrowIfCancellationRequested();
            started.Remove(ended, out VirtualTime start);
            trace.Add(new EdgeTraceEntry.Moved(start, rehearsal.Now, ended));
            Note(rehearsal, started, trace);
        }

        return trace.ToImmutable();
    }

    private static void Note(
        EdgeRehearsal rehearsal, Dictionary<EdgeTransfer, VirtualTime> started,
        ImmutableArray<EdgeTraceEntry>.Builder trace)
    {
        foreach (EdgeEffect effect in rehearsal.Effects)
        {
            EdgeTransfer transfer = effect.Transfer;
            if (effect.Kind == EdgeEffectKind.Begin)
            {
                started.Add(transfer, rehearsal.Now);
            }
            else if (effect.Kind == EdgeEffectKind.Evict)
            {
                trace.Add(new EdgeTraceEntry.Evicted(rehearsal.Now, transfer.Edge, transfer.File));
            }
        }
    }
}
