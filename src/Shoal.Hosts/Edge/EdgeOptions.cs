using Shoal.Core.Roster;

namespace Shoal.Hosts.Edge;

/// <summary>What an edge is told.</summary>
public sealed record EdgeOptions : TierHostOptions
{
    /// <summary>What it holds at most at any moment, in bytes of whole contents, fills under way included.</summary>
    public required long Capacity { get; init; }

    /// <summary>Where it serves ordinary programs over HTTP; null by default: nowhere.</summary>
    public EndpointText? Http { get; init; }

    /// <summary>How long a request over HTTP waits for anything to come; 30 s by default.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether it goes on when everybody has everything; false by default.</summary>
    public bool Stay { get; init; }
}
