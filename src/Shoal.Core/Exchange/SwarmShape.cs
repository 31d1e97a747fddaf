using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>One peer's links, in bytes per second.</summary>
/// <param name="Up">Upload capacity; positive infinity where nothing limits it.</param>
/// <param name="Down">Download capacity; positive infinity where nothing limits it.</param>
/// <param name="IsHalfDuplex">Whether both directions share <paramref name="Up"/>.</param>
/// <param name="Site">The index of the site that it shares a link with, or -1.</param>
public readonly record struct PeerLink(double Up, double Down, bool IsHalfDuplex = false, int Site = -1);

/// <summary>The link that the peers of a site share to the world outside it, in bytes per second.</summary>
/// <param name="Up">Capacity out of the site.</param>
/// <param name="Down">Capacity into the site.</param>
public readonly record struct SiteLink(double Up, double Down);

/// <summary>Bytes that the same peers hold at the start.</summary>
/// <param name="Holders">The indices of the holders, ascending.</param>
/// <param name="Bytes">How many bytes.</param>
public readonly record struct HeldBytes(ImmutableArray<int> Holders, double Bytes);

/// <summary>What a bound or a plan is computed from: who has which links and who holds what.</summary>
public sealed record SwarmShape
{
    /// <summary>The peers' links, by index.</summary>
    public required ImmutableArray<PeerLink> Peers { get; init; }

    /// <summary>What is held by whom; every byte counted once. Every peer wants every byte.</summary>
    public required ImmutableArray<HeldBytes> Holdings { get; init; }

    /// <summary>The sites, by index; none by default.</summary>
    public ImmutableArray<SiteLink> Sites { get; init; } = [];

    /// <summary>The hub's link, if it takes part: as a helper that lends uplink, or as the only way (relay).</summary>
    public PeerLink? Hub { get; init; }

    /// <summary>Whether everything passes the hub.</summary>
    public bool IsRelayOnly { get; init; }
}
