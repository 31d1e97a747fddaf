using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Hosts.Edge;

/// <summary>What origin, edges and clients of a tier are all told.</summary>
public abstract record TierHostOptions
{
    /// <summary>The name of the tier at its hub.</summary>
    public required string Tier { get; init; }

    /// <summary>Where the hub is.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens, if others connect to it; port 0 takes any free one.</summary>
    public EndpointText Listen { get; init; }

    /// <summary>Where others shall dial it, the best first; empty by default: where it listens.</summary>
    public ImmutableArray<EndpointText> Advertise { get; init; } = [];

    /// <summary>The key of hub and members; null by default: none.</summary>
    public SwarmKey? Key { get; init; }

    /// <summary>How long it waits for an origin that is not there; 60 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whoever says nothing at all for so long is disconnected; 15 s by default.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the last words may take when it stops; 2 s by default.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>The swarm at the hub in which the origin can be found.</summary>
    internal string Swarm => $"edge tier {Tier}";
}
