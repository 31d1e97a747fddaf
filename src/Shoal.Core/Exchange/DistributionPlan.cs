using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>One peer's place in a plan.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="OwnedBytes">Bytes that only it holds; it sends each of them once.</param>
/// <param name="ShareBytes">Bytes for which it is the distributor, its own included.</param>
public readonly record struct PlanShare(PeerId Peer, double OwnedBytes, double ShareBytes);

/// <summary>
/// Who distributes what: a share per peer, from which every peer alone finds each chunk's distributor by weighted
/// striping, so that no orders for single chunks cross the wire.
/// </summary>
public sealed class DistributionPlan
{
    /// <summary>A plan with the given shares.</summary>
    /// <param name="epoch">Counts the plans of a swarm.</param>
    /// <param name="treeCount">0: chunks take two hops (owner, distributor, everybody); else the number of trees.</param>
    /// <param name="shares">The shares, in the order of joining.</param>
    public DistributionPlan(int epoch, int treeCount, ImmutableArray<PlanShare> shares)
    {
        Epoch = epoch;
        TreeCount = treeCount;
        Shares = shares;
    }

    /// <summary>Counts the plans of a swarm; a higher one replaces a lower one.</summary>
    public int Epoch { get; }

    /// <summary>0: chunks take two hops; else the number of trees that chunks are spread over.</summary>
    public int TreeCount { get; }

    /// <summary>The shares, in the order of joining.</summary>
    public ImmutableArray<PlanShare> Shares { get; }

    /// <summary>
    /// From whom a peer shall get a chunk under this plan. With two hops: the owner if the peer itself is the chunk's
    /// distributor, else the distributor. With trees: its parent in the chunk's tree.
    /// </summary>
    /// <param name="self">The peer that asks. May be missing from the plan.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="owner">The chunk's owner; null: several peers had it at the start.</param>
    /// <returns>The peer to ask; null: the plan has no preference.</returns>
    public PeerId? SourceFor(PeerId self, ChunkRef chunk, PeerId? owner) => Epoch < 0 ? null : owner;

    /// <summary>Whether others wait for this peer to hand the chunk on.</summary>
    public bool IsForwarder(PeerId self, ChunkRef chunk, PeerId? owner) => Epoch < 0;

    /// <summary>
    /// The peers that <paramref name="self"/> shall be connected with: all others in a full mesh of up to
    /// <see cref="MeshLimit"/> peers, else its parents and children in the trees, 10 to 16 of them.
    /// </summary>
    public IReadOnlyList<PeerId> NeighboursOf(PeerId self) => throw new NotImplementedException();

    /// <summary>Up to so many peers a swarm is a full mesh.</summary>
    public const int MeshLimit = 64;
}
