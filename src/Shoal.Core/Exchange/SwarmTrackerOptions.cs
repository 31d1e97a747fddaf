using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>What a <see cref="SwarmTracker"/> is told before its first event.</summary>
public sealed record SwarmTrackerOptions
{
    /// <summary>The swarm's name.</summary>
    public required string Swarm { get; init; }

    /// <summary>A member that says nothing for so long has vanished; 6 s by default.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// What the hub lends of its own uplink to hand chunks on, bytes per second; 0 by default: nothing.
    /// </summary>
    public double LentRate { get; init; }

    /// <summary>
    /// Whether the hub orders every transfer itself, so that nothing is offered for the asking; false by default.
    /// </summary>
    public bool IsOrdered { get; init; }

    /// <summary>The only entries that its members may share; null by default: any.</summary>
    public OfferId? Offer { get; init; }

    /// <summary>Where declared capacities come from: declared by members (default), or simulated.</summary>
    public BoundSource DeclaredAs { get; init; } = BoundSource.Declared;
}
