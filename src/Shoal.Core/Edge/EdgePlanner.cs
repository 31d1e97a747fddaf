using System.Collections.Immutable;

namespace Shoal.Core.Edge;

/// <summary>Whether clients start their files in the order of their lists.</summary>
public enum ListOrder
{
    /// <summary>First bits come in the order of the list.</summary>
    Kept,

    /// <summary>Any order.</summary>
    Free,
}

/// <summary>What is asked of a plan.</summary>
public sealed record EdgePlanOptions
{
    /// <summary>How many orders are scored: as many steps, the same plan, on every machine. 0: no search.</summary>
    public int Steps { get; init; } = EdgePlanner.DefaultSteps;

    /// <summary>Whether clients keep to the order of their lists. Default: they do.</summary>
    public ListOrder Order { get; init; }

    /// <summary>How many direct transfers a client may have at once. Default: any number.</summary>
    public DirectLimit Limit { get; init; }

    /// <summary>For each file the edge that holds it before the clock starts, or -1. Default: empty, none.</summary>
    public ImmutableArray<int> Prefilled { get; init; } = [];

    /// <inheritdoc cref="EdgeSetup.Carried"/>
    public ImmutableArray<EdgeTransfer> Carried { get; init; } = [];

    /// <inheritdoc cref="EdgeSetup.PassesBy"/>
    public ImmutableArray<bool> PassesBy { get; init; } = [];
}

/// <summary>Plans an edge tier for lists that are known beforehand.</summary>
public static class EdgePlanner
{
    /// <summary>
    /// How many orders are scored unless somebody says otherwise: what four lists of a thousand files take at most ten
    /// seconds on one core for.
    /// </summary>
    public const int DefaultSteps = 30_000;

    // Of a hundred steps those that count, and those that look only at how the lists end; the others play.
    private const int CountedShare = 93;
    private const int EndsShare = 1;

    // For every step, so many places of the grid are looked at for the path on which the least crosses.
    private const long PlacesPerStep = 100;

    // Counting begins so many times anew: what it ends with differs by more than playing can mend.
    private const int Beginnings = 8;

    // What passes through an edge while copies are kept, in files of the mean size; one more with every beginning.
    private const int LeastPassing = 2;
    private const int MostPassing = 5;

    /// <summary>Makes a plan, and all that a machine needs to follow it.</summary>
    /// <param name="shape">The links.</param>
    /// <param name="demand">
    /// The lists; where their order is free, the setup has them in the order that it plans.
    /// </param>
    /// <param name="options">What is asked of it.</param>
    /// <param name="cancellation">Ends the search early, without a plan.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EdgeSetup Plan(
        EdgeShape shape, EdgeDemand demand, EdgePlanOptions options, CancellationToken cancellation)
    {
        var setup = new EdgeSetup
        {
            Shape = shape,
            Demand = demand,
            Prefilled = options.Prefilled,
            Carried = options.Carried,
            PassesBy = options.PassesBy,
            Limit = options.Limit,
            Plan = new EdgePlan(
                [.. Enumerable.Range(0, demand.Requests)], [.. new long[demand.Clients]], options.Limit),
        };
        if (options.Order == ListOrder.Free)
        {
            return FreeOrder.Plan(setup, cancellation);
        }

        var search = new OrderSearch(setup, cancellation);
        PlayedOrder best = search.Balance();
        if (options.Steps > 0 && demand.Clients > 1 && shape.Edges > 0)
        {
            best = Search(search, setup, options.Steps, best, cancellation);
        }

        return setup with { Plan = search.ToPlan(best, options.Limit) };
    }

    private static PlayedOrder Search(
        OrderSearch search, EdgeSetup setup, int steps, PlayedOrder best, CancellationToken cancellation)
    {
        int counted = (int)((long)steps * CountedShare / 100);
        int ends = (int)((long)steps * EndsShare / 100);
        int[] keys = [.. best.Keys];
        for (int beginning = 0; beginning < Beginnings && counted >= Beginnings; beginning++)
        {
            CopyCounter counter = CounterFor(setup, LeastPassing + (beginning % (MostPassing - LeastPassing + 1)));
            if (beginning == 0)
            {
                var path = new CrossingPath(setup.Shape, setup.Demand, counter, keys);
                keys = path.Find(steps * PlacesPerStep, cancellation);
            }

            PlayedOrder found = search.Count(counter, keys, counted / Beginnings);
            best = found.Makespan < best.Makespan ? found : best;
        }

        return search.PlayEnds(search.Play(best, steps - counted - ends), ends);
    }

    private static CopyCounter CounterFor(EdgeSetup setup, int passingFiles)
    {
        long passing = setup.Demand.DistinctKb / Math.Max(1, setup.Demand.Files) * passingFiles;
        long kept = Math.Max(0, setup.Shape.HeldKb - (passing * setup.Shape.Edges));
        return new CopyCounter(setup.Shape, setup.Demand, kept);
    }
}
