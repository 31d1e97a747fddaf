using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>One peer's place in a plan.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="OwnedBytes">
/// Bytes that only it holds; it sends each of them once. Zero for everybody in a plan that spreads: there no
/// owner distributes its own chunks.
/// </param>
/// <param name="ShareBytes">Bytes for which it is the distributor, its own included.</param>
public readonly record struct PlanShare(PeerId Peer, double OwnedBytes, double ShareBytes);

/// <summary>
/// Who distributes what: a share per peer, from which every peer alone finds each chunk's distributor by
/// weighted striping, so that no orders for single chunks cross the wire.
/// </summary>
public sealed class DistributionPlan
{
    /// <summary>Up to so many peers a swarm is a full mesh.</summary>
    public const int MeshLimit = 64;

    /// <summary>No plan has more trees than this.</summary>
    public const int MostTrees = 16;

    /// <summary>No plan has more walls than this: as many as a full mesh has pairs.</summary>
    public const int MostWalls = MeshLimit * (MeshLimit - 1) / 2;

    /// <summary>Who distributes less than this part of what it owns is short of uplink.</summary>
    private const double SparedPart = 0.25;

    private ChunkStriping? _striping;
    private PlanForest? _forest;
    private PlanReach? _reach;

    /// <summary>A plan with the given shares.</summary>
    /// <param name="epoch">Counts the plans of a swarm.</param>
    /// <param name="treeCount">
    /// 0: chunks take two hops (owner, distributor, everybody); else the number of trees.
    /// </param>
    /// <param name="shares">The shares, in the order of joining.</param>
    /// <exception cref="ArgumentException">These make no plan; see <see cref="IsValid"/>.</exception>
    public DistributionPlan(int epoch, int treeCount, ImmutableArray<PlanShare> shares)
        : this(epoch, treeCount, shares, [], [])
    {
    }

    /// <summary>A plan for peers of whom some cannot reach each other.</summary>
    /// <param name="epoch">Counts the plans of a swarm.</param>
    /// <param name="treeCount">0 if there are rows; else the number of trees.</param>
    /// <param name="shares">The shares, in the order of joining.</param>
    /// <param name="walls">Who cannot reach whom, each pair once.</param>
    /// <param name="rows">For owners whose chunks not everybody may distribute: who does.</param>
    /// <exception cref="ArgumentException">These make no plan; see <see cref="IsValid"/>.</exception>
    public DistributionPlan(
        int epoch, int treeCount, ImmutableArray<PlanShare> shares, ImmutableArray<PlanWall> walls,
        ImmutableArray<PlanRow> rows)
    {
        if (!IsValid(treeCount, shares) || !AreValid(treeCount, shares.Length, walls, rows))
        {
            throw new ArgumentException(
                "A plan has up to 16 trees and one finite share a peer; only one without trees has rows.",
                nameof(shares));
        }

        Epoch = epoch;
        TreeCount = treeCount;
        Shares = shares;
        Walls = walls;
        Rows = rows;
    }

    /// <summary>Counts the plans of a swarm; a higher one replaces a lower one.</summary>
    public int Epoch { get; }

    /// <summary>0: chunks take two hops; else the number of trees that chunks are spread over.</summary>
    public int TreeCount { get; }

    /// <summary>The shares, in the order of joining.</summary>
    public ImmutableArray<PlanShare> Shares { get; }

    /// <summary>The pairs who cannot reach each other, each once, the earlier peer first.</summary>
    public ImmutableArray<PlanWall> Walls { get; }

    /// <summary>For owners whose chunks not everybody may distribute: who does.</summary>
    public ImmutableArray<PlanRow> Rows { get; }

    // Built when first asked for. Two threads may both build them, to the same result.
    private ChunkStriping Striping => _striping ??= new ChunkStriping(Shares, Rows);

    private PlanReach Reach => _reach ??= new PlanReach(
        Shares.Length, Shares.Length > 0 && Shares[^1].Peer == PeerId.Relay, Walls);

    private PlanForest Forest => _forest ??= new PlanForest(Shares, TreeCount, Walls);

    /// <summary>
    /// Whether a tree count and shares from outside make a plan: 0 to <see cref="MostTrees"/> trees, no peer
    /// twice, no number of bytes that is negative or not finite.
    /// </summary>
    public static bool IsValid(int treeCount, ImmutableArray<PlanShare> shares)
    {
        if (treeCount is < 0 or > MostTrees || shares.IsDefault)
        {
            return false;
        }

        var peers = new HashSet<PeerId>(shares.Length);
        foreach (PlanShare share in shares)
        {
            if (!(share.OwnedBytes >= 0 && double.IsFinite(share.OwnedBytes)
                && share.ShareBytes >= 0 && double.IsFinite(share.ShareBytes) && peers.Add(share.Peer)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether walls and rows from outside may belong to a plan: no more than <see cref="MostWalls"/> pairs of places
    /// in order; rows only without trees, for at most <see cref="MeshLimit"/> peers and a hub, no owner twice, and in
    /// each a finite number of bytes a share, not all of them zero.
    /// </summary>
    public static bool AreValid(
        int treeCount, int shareCount, ImmutableArray<PlanWall> walls, ImmutableArray<PlanRow> rows)
    {
        if (walls.IsDefault || rows.IsDefault || walls.Length > MostWalls)
        {
            return false;
        }

        bool isMesh = treeCount == 0 && shareCount <= MeshLimit + 1;
        if (!isMesh && (rows.Length > 0 || (treeCount == 0 && walls.Length > 0)))
        {
            return false;
        }

        var owners = new HashSet<int>(rows.Length);
        return walls.All(wall => wall.One >= 0 && wall.One < wall.Other && wall.Other < shareCount)
            && rows.All(row => row.Owner >= 0 && row.Owner < shareCount && owners.Add(row.Owner)
                && IsRow(row.Shares, shareCount));
    }

    private static bool IsRow(ImmutableArray<double> shares, int count) =>
        !shares.IsDefault && shares.Length == count && shares.All(bytes => bytes >= 0)
        && shares.Sum() is > 0 and var sum && double.IsFinite(sum);

    /// <summary>Whether the plan knows of two peers that they cannot reach each other.</summary>
    public bool HasWall(PeerId one, PeerId other) => !Walls.IsEmpty && (TreeCount > 0
        ? Forest.HasWall(one, other)
        : Striping.IndexOf(one) is >= 0 and int i && Striping.IndexOf(other) is >= 0 and int j && !Reach.Reaches(i, j));

    /// <summary>
    /// From whom a peer shall get a chunk under this plan. With two hops: the owner if the peer itself is the
    /// chunk's distributor, else the distributor. With trees: its next tree neighbour on the way to the
    /// owner, so that a chunk may enter its tree anywhere; without an owner its parent. Whom a wall parts from its
    /// source gets the chunk from a third peer that both can reach; trees are grown around walls instead.
    /// </summary>
    /// <param name="self">The peer that asks. May be missing from the plan.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="owner">
    /// The chunk's owner; null, or not in the plan: several peers had it at the start.
    /// </param>
    /// <returns>
    /// The peer to ask; null: the plan has no preference, any holder will do, and if there is none in reach, the relay.
    /// </returns>
    public PeerId? SourceFor(PeerId self, ChunkRef chunk, PeerId? owner)
    {
        if (TreeCount > 0)
        {
            return Forest.SourceFor(self, chunk, owner);
        }

        int ownerIndex = Striping.IndexOf(owner);
        int distributor = Striping.DistributorOf(chunk, ownerIndex);
        if (distributor < 0 || ownerIndex >= 0 && Shares[ownerIndex].Peer == self)
        {
            return null;
        }

        int source = Shares[distributor].Peer != self ? distributor : ownerIndex;
        if (source >= 0 && !Walls.IsEmpty && Striping.IndexOf(self) is >= 0 and int place
            && !Reach.Reaches(place, source))
        {
            source = Reach.BridgeOf(chunk, ownerIndex, source, place);
        }

        return source >= 0 ? Shares[source].Peer : null;
    }

    /// <summary>
    /// Whether others wait for this peer to hand on the chunk, which it must first get itself.
    /// </summary>
    public bool IsForwarder(PeerId self, ChunkRef chunk, PeerId? owner)
    {
        if (self == owner)
        {
            return false;
        }

        if (TreeCount > 0)
        {
            return Forest.IsForwarder(self, chunk, owner);
        }

        int ownerIndex = Striping.IndexOf(owner);
        int distributor = Striping.DistributorOf(chunk, ownerIndex);
        return distributor >= 0
            && (Shares[distributor].Peer == self
                || (!Walls.IsEmpty && Striping.IndexOf(self) is >= 0 and int place
                    && Reach.IsBridgeFor(chunk, ownerIndex, distributor, place)));
    }

    /// <summary>
    /// Whether an owner's uplink is full with sending each of its chunks once, so that others distribute all or nearly
    /// all of them: with two hops, where everybody can reach everybody and the hub lends nothing.
    /// </summary>
    public bool IsSpared(PeerId owner) =>
        TreeCount == 0 && Walls.IsEmpty && Striping.IndexOf(owner) is >= 0 and int place
        && Shares[^1].Peer != PeerId.Relay
        && Shares[place].ShareBytes < SparedPart * Shares[place].OwnedBytes;

    /// <summary>
    /// The peers that <paramref name="self"/> shall be connected with: all others in a full mesh of up to
    /// <see cref="MeshLimit"/> peers or where chunks take two hops, else its parents and children in the
    /// trees, 10 to 16 of them unless its capacity is far above the others'. Whose neighbour one is, is one's
    /// neighbour.
    /// </summary>
    public IReadOnlyList<PeerId> NeighboursOf(PeerId self) => TreeCount > 0 && Shares.Length > MeshLimit
        ? Forest.NeighboursOf(self)
        : [.. Shares.Select(share => share.Peer).Where(peer => peer != self && peer != PeerId.Relay)];
}
