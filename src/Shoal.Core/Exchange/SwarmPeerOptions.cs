using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>How peers choose from whom to request what.</summary>
public enum PickPolicy
{
    /// <summary>By the hub's plan: the owner sends a chunk once, its distributor hands it on.</summary>
    Planned,

    /// <summary>The rarest chunk first, from any holder.</summary>
    Rarest,

    /// <summary>Only from the owner; nobody forwards. What most tools do.</summary>
    Direct,
}

/// <summary>What a <see cref="SwarmPeer"/> is told before its first event.</summary>
public sealed record SwarmPeerOptions
{
    /// <summary>The swarm to join.</summary>
    public required string Swarm { get; init; }

    /// <summary>The peer's identity.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The name that it would like to have.</summary>
    public required string Name { get; init; }

    /// <summary>Where other peers can dial it, as <c>HOST:PORT</c>, the best first.</summary>
    public ImmutableArray<string> Endpoints { get; init; } = [];

    /// <summary>What it declares of its links.</summary>
    public DeclaredCapacity Capacity { get; init; }

    /// <summary>How many members to wait for before the start, itself included; 0 by default: none.</summary>
    public int Expect { get; init; }

    /// <summary>Whether it stays and serves after everybody has everything; false by default.</summary>
    public bool Stay { get; init; }

    /// <summary>How long it waits for members that vanished; 60 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When its chunks go through the hub; where peers cannot meet by default.</summary>
    public RelayUse Relay { get; init; }

    /// <summary>How it chooses; by plan by default.</summary>
    public PickPolicy Policy { get; init; } = PickPolicy.Planned;

    /// <summary>The seed of its random choices.</summary>
    public ulong RandomSeed { get; init; }
}
