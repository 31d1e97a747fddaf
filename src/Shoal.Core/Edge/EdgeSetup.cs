using System.Collections.Immutable;

namespace Shoal.Core.Edge;

/// <summary>How it is decided what goes which way.</summary>
public enum EdgePolicy
{
    /// <summary>By a plan that was made for the lists.</summary>
    Planned,

    /// <summary>Files with odd numbers by one edge, even ones by the other, which fill the smallest first.</summary>
    OddEven,

    /// <summary>Fetched through; what was used least recently makes room.</summary>
    Lru,

    /// <summary>Fetched through; what was used least often makes room.</summary>
    Lfu,

    /// <summary>Fetched through; what the lists name next latest makes room.</summary>
    Belady,

    /// <summary>All straight from the origin.</summary>
    Direct,
}

/// <summary>How many transfers straight from the origin a client may have in flight.</summary>
public enum DirectLimit
{
    /// <summary>As many as it likes; they share its connection.</summary>
    None,

    /// <summary>One.</summary>
    One,
}

/// <summary>When an edge passes a file on.</summary>
public enum EdgePassing
{
    /// <summary>When it has all of it, as in the model.</summary>
    Whole,

    /// <summary>While it still comes, chunk by chunk.</summary>
    Through,
}

/// <summary>
/// How lists are to be carried out: the order in which all transfers to clients are to start, and how much may go
/// straight. It names no time and no edge; those follow from how fast the links turn out to be.
/// </summary>
/// <param name="Order">All requests; those of one client in the order of its list.</param>
/// <param name="Budgets">
/// For each client, how many kb of what nobody else wants may go straight to it before the edges serve the rest.
/// </param>
/// <param name="Limit">How many direct transfers a client may have in flight.</param>
public sealed record EdgePlan(ImmutableArray<int> Order, ImmutableArray<long> Budgets, DirectLimit Limit);

/// <summary>All that an <see cref="EdgeMachine"/> is told before it begins.</summary>
public sealed record EdgeSetup
{
    /// <summary>The links and the capacity.</summary>
    public required EdgeShape Shape { get; init; }

    /// <summary>The lists.</summary>
    public required EdgeDemand Demand { get; init; }

    /// <summary>For each file the edge that holds it before the clock starts, or -1. Default: empty, none.</summary>
    public ImmutableArray<int> Prefilled { get; init; } = [];

    /// <summary>
    /// What is in flight when the machine begins, because another one began it: what an edge sends is among
    /// <see cref="Prefilled"/>, or it fills it. Default: empty.
    /// </summary>
    public ImmutableArray<EdgeTransfer> Carried { get; init; } = [];

    /// <summary>For each file whether no edge may hold it. Default: empty, every one may.</summary>
    public ImmutableArray<bool> PassesBy { get; init; } = [];

    /// <summary>Who decides. Default: <see cref="EdgePolicy.Planned"/>.</summary>
    public EdgePolicy Policy { get; init; }

    /// <summary>For <see cref="EdgePolicy.Planned"/>: the plan.</summary>
    public EdgePlan? Plan { get; init; }

    /// <summary>How many direct transfers a client may have in flight. Default: any number.</summary>
    public DirectLimit Limit { get; init; }

    /// <summary>When an edge passes a file on. Default: <see cref="EdgePassing.Whole"/>.</summary>
    public EdgePassing Passing { get; init; }

    /// <summary>
    /// What the edges can be given before the clock starts: of what is wanted the smallest files first, each on the
    /// edge of its number, as long as that has room.
    /// </summary>
    /// <returns>For each file its edge, or -1.</returns>
    public static ImmutableArray<int> SmallestFirst(EdgeShape shape, EdgeDemand demand)
    {
        int[] edgeOf = new int[demand.Files];
        Array.Fill(edgeOf, EdgeBoard.Nowhere);
        long[] free = [.. Enumerable.Range(0, shape.Edges).Select(shape.CapacityOf)];
        int[] sizes = demand.Sizes.ToArray();
        int[] files = [.. Enumerable.Range(0, demand.Files)];
        Array.Sort(sizes, files);
        foreach (int file in files)
        {
            int edge = shape.Edges == 0 ? EdgeBoard.Nowhere : HomeOf(demand, file, shape.Edges);
            if (edge != EdgeBoard.Nowhere && free[edge] >= demand.Sizes[file])
            {
                edgeOf[file] = edge;
                free[edge] -= demand.Sizes[file];
            }
        }

        return [.. edgeOf];
    }

    /// <summary>The edge of a file's number: of two, the first has the odd ones.</summary>
    internal static int HomeOf(EdgeDemand demand, int file, int edges) => (demand.Numbers[file] - 1) % edges;
}
