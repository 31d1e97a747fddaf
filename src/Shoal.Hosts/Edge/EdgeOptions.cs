namespace Shoal.Hosts.Edge;

/// <summary>What an edge is told.</summary>
public sealed record EdgeOptions : TierHostOptions
{
    /// <summary>What it holds at most at any moment, in bytes of whole contents, fills under way included.</summary>
    public required long Capacity { get; init; }

    /// <summary>Whether it goes on when everybody has everything; false by default.</summary>
    public bool Stay { get; init; }
}
