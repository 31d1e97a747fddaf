namespace Shoal.Core.Edge.Tier;

/// <summary>How a live tier is run.</summary>
public sealed record TierOptions
{
    /// <summary>How fast connections are taken to be; edges and capacities come from who joins.</summary>
    public EdgeShape Rates { get; init; } = new();

    /// <summary>How many edges to wait for before the start. Default: none.</summary>
    public int ExpectEdges { get; init; }

    /// <summary>How many clients to wait for before the start. Default: whoever comes first.</summary>
    public int ExpectClients { get; init; } = 1;

    /// <summary>How many schedules are scored for the plan at the start.</summary>
    public int Steps { get; init; } = EdgePlanner.DefaultSteps;

    /// <summary>Whose clock counts. Default: the one on the wall.</summary>
    public TierClock Clock { get; init; }
}

/// <summary>Whose clock a live tier goes by.</summary>
public enum TierClock
{
    /// <summary>The one on the wall: what has arrived has arrived.</summary>
    Wall,

    /// <summary>A virtual one: transfers end in the order, and when, the rates say.</summary>
    Virtual,
}
