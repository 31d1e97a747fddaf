using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>Which peers of a plan can reach each other, by their places among its shares.</summary>
internal sealed class PlanReach
{
    private readonly bool[] _isWalled;
    private readonly int[]?[] _between;
    private readonly int _peers;

    /// <param name="count">How many shares there are.</param>
    /// <param name="hasHub">Whether the last of them is a hub's, which everybody can reach.</param>
    /// <param name="walls">The pairs who cannot reach each other.</param>
    public PlanReach(int count, bool hasHub, ImmutableArray<PlanWall> walls)
    {
        Count = count;
        Walls = walls;
        _peers = count - (hasHub ? 1 : 0);
        _isWalled = new bool[count * count];
        _between = new int[]?[walls.IsEmpty ? 0 : count * count];
        foreach (PlanWall wall in walls)
        {
            _isWalled[(wall.One * count) + wall.Other] = true;
            _isWalled[(wall.Other * count) + wall.One] = true;
        }
    }

    public int Count { get; }

    public ImmutableArray<PlanWall> Walls { get; }

    /// <summary>Whether some can reach each other and some cannot: otherwise there is nothing to choose.</summary>
    public bool IsMixed => Walls.Length > 0 && Walls.Length < _peers * (_peers - 1) / 2;

    public static PlanReach Of(IReadOnlyList<PlanInput> peers) => new(
        peers.Count, peers.Count > 0 && peers[^1].Peer == PeerId.Relay, WallsAmong(peers));

    /// <summary>The pairs who cannot reach each other, by their places, in order.</summary>
    public static ImmutableArray<PlanWall> WallsAmong(IReadOnlyList<PlanInput> peers)
    {
        var index = new Dictionary<PeerId, int>(peers.Count);
        for (int i = 0; i < peers.Count; i++)
        {
            index[peers[i].Peer] = i;
        }

        var walls = new SortedSet<(int One, int Other)>();
        for (int i = 0; i < peers.Count; i++)
        {
            foreach (PeerId other in peers[i].Unreachable.IsDefault ? [] : peers[i].Unreachable)
            {
                if (index.TryGetValue(other, out int j) && i != j)
                {
                    walls.Add((Math.Min(i, j), Math.Max(i, j)));
                }
            }
        }

        return [.. walls.Select(wall => new PlanWall(wall.One, wall.Other))];
    }

    public bool Reaches(int one, int other) => !_isWalled[(one * Count) + other];

    /// <summary>
    /// Whether a distributor can get an owner's chunks and reach all who want them, but for those whom only the hub
    /// can help.
    /// </summary>
    public bool Covers(int owner, int distributor) =>
        Serves(owner, distributor, peer => Reaches(distributor, peer));

    /// <summary>
    /// Whether all whom the owner's chunks could reach without the hub can have them from a distributor, or from
    /// somebody who has them from it.
    /// </summary>
    public bool Serves(int owner, int distributor) => Serves(owner, distributor, peer =>
        Reaches(distributor, peer) || Reaches(owner, peer) || BridgesOf(owner, distributor, peer) > 0);

    private bool Serves(int owner, int distributor, Func<int, bool> gets)
    {
        bool serves = owner == distributor || Reaches(owner, distributor);
        for (int peer = 0; serves && peer < _peers; peer++)
        {
            serves = peer == owner || peer == distributor || gets(peer)
                || (!Reaches(owner, peer) && BridgesOf(owner, owner, peer) == 0);
        }

        return serves;
    }

    /// <summary>How many could bring a receiver what a distributor has and the receiver cannot get from it.</summary>
    public int BridgesOf(int owner, int distributor, int receiver)
    {
        int[] between = Between(distributor, receiver);
        return between.Length - (PlaceOf(owner, between) >= 0 ? 1 : 0);
    }

    public bool IsBridge(int peer, int owner, int distributor, int receiver) =>
        peer != owner && peer != distributor && peer != receiver && peer < _peers
        && Reaches(peer, receiver) && Reaches(distributor, peer);

    /// <summary>
    /// Who brings a receiver a chunk that it cannot get from its distributor: a third peer, another one for each chunk
    /// where there are several; else the owner, if it can; else nobody, -1, and the chunk passes the hub.
    /// </summary>
    public int BridgeOf(ChunkRef chunk, int owner, int distributor, int receiver)
    {
        int bridges = BridgesOf(owner, distributor, receiver);
        if (bridges == 0)
        {
            return owner >= 0 && owner != distributor && Reaches(owner, receiver) ? owner : -1;
        }

        ulong mixed = DeterministicRandom.Mix(chunk.Content.Value.Prefix + (ulong)chunk.Index.Value);
        int turn = (int)(mixed % (uint)bridges);
        int[] between = Between(distributor, receiver);
        int place = PlaceOf(owner, between);
        return between[place >= 0 && turn >= place ? turn + 1 : turn];
    }

    /// <summary>Whether a peer is to bring somebody a chunk that its distributor cannot.</summary>
    public bool IsBridgeFor(ChunkRef chunk, int owner, int distributor, int self)
    {
        if (self == owner || self == distributor || !Reaches(distributor, self))
        {
            return false;
        }

        for (int peer = 0; peer < _peers; peer++)
        {
            if (peer != owner && peer != distributor && !Reaches(distributor, peer) && Reaches(self, peer)
                && BridgeOf(chunk, owner, distributor, peer) == self)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All others, in order, whom both of two peers can reach. Built when first asked for.</summary>
    private int[] Between(int one, int other) => _between.Length == 0
        ? [.. Enumerable.Range(0, _peers).Where(peer => peer != one && peer != other)]
        : _between[(one * Count) + other] ??=
        [
            .. Enumerable.Range(0, _peers).Where(peer =>
                peer != one && peer != other && Reaches(one, peer) && Reaches(peer, other)),
        ];

    private static int PlaceOf(int peer, int[] ordered) => Array.BinarySearch(ordered, peer);
}
