using System.Diagnostics.Metrics;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Hosts.Hub;

/// <summary>What a hub is told.</summary>
public sealed record HubOptions
{
    /// <summary>Where it listens; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>The key that members must know; null by default: anybody may join.</summary>
    public SwarmKey? Key { get; init; }

    /// <summary>Swarms at the same time; 1,024 by default. A member of one more is refused.</summary>
    public int MostSwarms { get; init; } = 1024;

    /// <summary>Members' connections at the same time; 4,096 by default.</summary>
    public int MostConnections { get; init; } = 4096;

    /// <summary>
    /// What the hub lends of its own uplink to hand chunks on, bytes per second; null by default: it relays only what
    /// cannot go directly, at any rate.
    /// </summary>
    public double? LentRate { get; init; }

    /// <summary>
    /// How it keeps the system clock of its swarms; null by default: it keeps none, and peers ask for what they need.
    /// </summary>
    public StarHubOptions? Clock { get; init; }

    /// <summary>A member that says nothing for so long has vanished; 6 s by default.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a connection may take to say which swarm it is for; 10 s by default.</summary>
    public TimeSpan JoinLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long somebody may look at a swarm without joining it; a minute by default.</summary>
    public TimeSpan LookLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the last words to a member may take; 2 s by default.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }
}
