using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>What no run of an edge tier can beat.</summary>
/// <param name="Distinct">Every file that is wanted leaves the origin once, over all of its links.</param>
/// <param name="Served">
/// What does not come straight comes from the edges, which cannot serve more than their links carry, nor more than can
/// be made of what they received: the most wanted first.
/// </param>
/// <param name="Clients">Each client receives what it wants, over all links that it has.</param>
/// <param name="Cut">
/// As <paramref name="Distinct"/>, with list order kept: what crosses and is on no edge leaves the origin twice (see
/// <see cref="CutBound"/>).
/// </param>
public sealed record EdgeBounds(VirtualTime Distinct, VirtualTime Served, VirtualTime Clients, VirtualTime Cut)
{
    /// <summary>The bound that holds whatever the order.</summary>
    public VirtualTime OrderFree => Later(Distinct, Later(Served, Clients));

    /// <summary>The bound that holds when clients keep to the order of their lists.</summary>
    public VirtualTime OrderKept => Later(Cut, OrderFree);

    /// <summary>Computes them.</summary>
    /// <param name="shape">The links.</param>
    /// <param name="demand">The lists.</param>
    /// <param name="isPrefilled">Which files some edge holds before the clock starts; empty: none.</param>
    /// <param name="cell">Positions a cell of the cut bound's grid: the fewer, the sharper and the slower.</param>
    public static EdgeBounds Of(
        EdgeShape shape, EdgeDemand demand, ReadOnlySpan<bool> isPrefilled, int cell = CutBound.DefaultCell)
    {
        var needs = new OriginNeeds(shape, demand, isPrefilled);
        long crossing = CutBound.CrossingKb(demand, cell);
        // Files that no edge can hold at all count as crossing too, which is right: they are on no edge.
        long excess = Math.Max(0, crossing - shape.HeldKb);
        long rate = shape.OriginRate(demand.Clients);
        return new EdgeBounds(
            EdgeShape.Span(needs.DistinctKb, rate), needs.Served(), LongestClient(shape, demand),
            EdgeShape.Span(needs.DistinctKb + excess, rate));
    }

    private static VirtualTime LongestClient(EdgeShape shape, EdgeDemand demand)
    {
        long most = 0;
        for (int client = 0; client < demand.Clients; client++)
        {
            most = Math.Max(most, demand.KbOf(client));
        }

        return EdgeShape.Span(most, shape.OriginToClient + (shape.EdgeToClient * shape.Edges));
    }

    private static VirtualTime Later(VirtualTime a, VirtualTime b) => a > b ? a : b;
}
