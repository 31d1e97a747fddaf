using Shoal.Core.Wire.Handshake;

namespace Shoal.Net.Handshakes;

/// <summary>Who one is and whom one talks to.</summary>
public sealed record HandshakeOptions
{
    /// <summary>What this end is.</summary>
    public required EndRole Role { get; init; }

    /// <summary>What the other end must be.</summary>
    public required EndRole Expected { get; init; }

    /// <summary>
    /// The key that both ends must have; none by default: the connection is open to anybody.
    /// </summary>
    public SwarmKey? Key { get; init; }

    /// <summary>How long the whole handshake may take; 5 s by default.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of a member, with its hub.</summary>
    public static HandshakeOptions WithHub(SwarmKey? key, TimeProvider time) =>
        new() { Role = EndRole.Member, Expected = EndRole.Hub, Key = key, Time = time };

    /// <summary>Those of a peer, with another.</summary>
    public static HandshakeOptions BetweenPeers(SwarmKey? key, TimeProvider time) =>
        new() { Role = EndRole.Peer, Expected = EndRole.Peer, Key = key, Time = time };
}
