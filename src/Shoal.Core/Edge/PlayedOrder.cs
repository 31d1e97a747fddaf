using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>An order of all starts that was played, and what came of it.</summary>
/// <param name="Keys">The key of every request; the order merges the lists by them.</param>
/// <param name="Budgets">What goes straight to each client at first, in kb.</param>
/// <param name="Makespan">When everything had ended.</param>
internal sealed record PlayedOrder(ImmutableArray<int> Keys, ImmutableArray<long> Budgets, VirtualTime Makespan)
{
    /// <summary>Worse than any.</summary>
    public static PlayedOrder None { get; } = new([], [], VirtualTime.Never);
}
