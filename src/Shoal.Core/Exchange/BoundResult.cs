using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>The least makespan that links allow, term by term.</summary>
public sealed record BoundResult
{
    /// <summary>Nothing has to move, or no link limits it.</summary>
    public static BoundResult Zero { get; } = new();

    /// <summary>The lower bound on the makespan in seconds: the largest term.</summary>
    public double Seconds => Binding?.Seconds ?? 0;

    /// <summary>All terms above zero, in a fixed order; of sets of holders only the largest.</summary>
    public ImmutableArray<BoundTerm> Terms { get; init; } = [];

    /// <summary>The largest term; of equal ones the most specific. Null: there is no term.</summary>
    public BoundTerm? Binding { get; init; }

    /// <summary>
    /// The bound in seconds if the links of <see cref="Binding"/> had no limit: what relieving them can save
    /// at most is the difference to <see cref="Seconds"/>.
    /// </summary>
    public double SecondsWithoutBinding { get; init; }
}
