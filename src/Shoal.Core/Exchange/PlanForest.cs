using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// The trees of a plan, as in SplitStream (Castro et al., 2003): each carries an equal part of the chunks,
/// and a peer hands chunks on in as few of them as its share allows, being a leaf in the others. Chunks
/// travel along the edges away from their owner, wherever in the tree it is: a leaf sends its own chunks
/// once, and a peer with n neighbours in a tree sends every other chunk n - 1 times, so no owner needs
/// neighbours of its own.
/// </summary>
internal sealed class PlanForest
{
    /// <summary>
    /// Who owns so much of everything is placed next to the root, to save its chunks the way up.
    /// </summary>
    private const double HeavyOwner = 1 / 8.0;

    private readonly ImmutableArray<PlanShare> _shares;
    private readonly Dictionary<PeerId, int> _index = [];
    private readonly int _treeCount;
    private readonly int[][] _parent;
    private readonly int[][] _degree;

    private readonly HashSet<PlanWall> _walls;

    /// <param name="shares">The plan's shares.</param>
    /// <param name="treeCount">How many trees; at least 1.</param>
    /// <param name="walls">Who cannot be whose neighbour.</param>
    public PlanForest(ImmutableArray<PlanShare> shares, int treeCount, ImmutableArray<PlanWall> walls)
    {
        _shares = shares;
        _walls = [.. walls];
        _treeCount = treeCount;
        for (int i = 0; i < shares.Length; i++)
        {
            _index.Add(shares[i].Peer, i);
        }

        int[][] slots = SlotsByTree(SlotsOf(shares, treeCount), shares.Length, treeCount);
        _parent = new int[treeCount][];
        _degree = new int[treeCount][];
        for (int tree = 0; tree < treeCount; tree++)
        {
            // Each tree begins its order elsewhere, so that not the same peers are far from all roots.
            (_parent[tree], _degree[tree]) = Grow(slots[tree], first: tree * shares.Length / treeCount);
            if (_walls.Count > 0)
            {
                new TreeMender(_parent[tree], IsWalled).Mend();
            }
        }
    }

    /// <summary>Whether two peers cannot reach each other.</summary>
    public bool HasWall(PeerId one, PeerId other) =>
        _index.TryGetValue(one, out int i) && _index.TryGetValue(other, out int j) && IsWalled(i, j);

    public PeerId? SourceFor(PeerId self, ChunkRef chunk, PeerId? owner)
    {
        if (!_index.TryGetValue(self, out int asker) || self == owner)
        {
            return null;
        }

        int[] parent = _parent[TreeOf(chunk)];
        if (owner is { } id && _index.TryGetValue(id, out int place))
        {
            for (; parent[place] >= 0; place = parent[place])
            {
                if (parent[place] == asker)
                {
                    return _shares[place].Peer;
                }
            }
        }

        return parent[asker] < 0 ? null : _shares[parent[asker]].Peer;
    }

    public bool IsForwarder(PeerId self, ChunkRef chunk, PeerId? owner)
    {
        if (!_index.TryGetValue(self, out int asker))
        {
            return false;
        }

        int tree = TreeOf(chunk);
        bool hasSource = _parent[tree][asker] >= 0 || (owner is { } id && _index.ContainsKey(id));
        return _degree[tree][asker] > (hasSource ? 1 : 0);
    }

    public IReadOnlyList<PeerId> NeighboursOf(PeerId self)
    {
        var neighbours = new List<PeerId>();
        if (!_index.TryGetValue(self, out int asker))
        {
            return neighbours;
        }

        for (int other = 0; other < _shares.Length; other++)
        {
            bool isNeighbour = false;
            foreach (int[] parent in _parent)
            {
                isNeighbour |= parent[other] == asker || parent[asker] == other;
            }

            if (isNeighbour)
            {
                neighbours.Add(_shares[other].Peer);
            }
        }

        return neighbours;
    }

    /// <summary>
    /// How often each peer hands on a chunk, summed over the trees: whole numbers in proportion to the
    /// shares. A tree of N peers has N - 1 edges, so each chunk is handed on N - 2 times after its owner has
    /// sent it.
    /// </summary>
    private static int[] SlotsOf(ImmutableArray<PlanShare> shares, int treeCount)
    {
        const double Rounding = 1e-6;
        int needed = treeCount * Math.Max(0, shares.Length - 2);
        double total = 0;
        foreach (PlanShare share in shares)
        {
            total += share.ShareBytes;
        }

        var slots = new int[shares.Length];
        var rest = new double[shares.Length];
        int given = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            double exact = total > 0 ? shares[i].ShareBytes / total * needed : (double)needed / slots.Length;
            slots[i] = (int)Math.Floor(exact + Rounding);
            rest[i] = exact - slots[i];
            given += slots[i];
        }

        // The largest remainders get what rounding down has left over.
        var order = new int[slots.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => rest[a] != rest[b] ? rest[b].CompareTo(rest[a]) : a.CompareTo(b));
        for (int i = 0; given < needed; i = (i + 1) % order.Length, given++)
        {
            slots[order[i]]++;
        }

        for (int i = order.Length - 1; given > needed; i = (i + order.Length - 1) % order.Length)
        {
            if (slots[order[i]] > 0)
            {
                slots[order[i]]--;
                given--;
            }
        }

        return slots;
    }

    /// <summary>
    /// Deals the slots to the trees, a peer's to as few trees as can be: the largest first, to the emptiest
    /// tree.
    /// </summary>
    private static int[][] SlotsByTree(int[] slots, int peers, int treeCount)
    {
        var byTree = new int[treeCount][];
        var open = new int[treeCount];
        for (int tree = 0; tree < treeCount; tree++)
        {
            byTree[tree] = new int[peers];
            open[tree] = Math.Max(0, peers - 2);
        }

        foreach (int peer in Ordered(peers, (a, b) => slots[b].CompareTo(slots[a])))
        {
            for (int left = slots[peer]; left > 0;)
            {
                int tree = Array.IndexOf(open, open.Max());
                int dealt = Math.Min(left, open[tree]);
                byTree[tree][peer] = dealt;
                open[tree] -= dealt;
                left -= dealt;
            }
        }

        return byTree;
    }

    /// <summary>
    /// Grows a tree level by level: the root, the great owners, those who hand on (the strongest first), the
    /// leaves. The root has a neighbour more than it has slots below it; all others have their parent
    /// besides.
    /// </summary>
    private (int[] Parent, int[] Degree) Grow(int[] slots, int first)
    {
        int peers = slots.Length;
        var parent = new int[peers];
        var degree = new int[peers];
        if (peers == 0)
        {
            return (parent, degree);
        }

        double heavy = HeavyOwner * _shares.Sum(share => share.OwnedBytes);
        bool IsHeavy(int peer) => _shares[peer].OwnedBytes > 0 && _shares[peer].OwnedBytes >= heavy;
        List<int> handing =
        [
            .. Ordered(peers, (a, b) => Rank(b).CompareTo(Rank(a)), first).Where(peer => slots[peer] > 0),
        ];
        List<int> leaves =
        [
            .. Ordered(peers, (a, b) => IsHeavy(b).CompareTo(IsHeavy(a)), first)
                .Where(peer => slots[peer] == 0),
        ];
        (bool, int) Rank(int peer) => (IsHeavy(peer), slots[peer]);

        var placed = new List<int>(peers);
        int nextHanding = 0;
        int nextLeaf = 0;
        int open = 1;
        int above = 0;
        while (placed.Count < peers)
        {
            // A great owner may take any place but the last open one, on which all others depend.
            bool isLeaf = nextHanding == handing.Count
                || (placed.Count > 0 && open > 1 && nextLeaf < leaves.Count && IsHeavy(leaves[nextLeaf]));
            int peer = isLeaf ? leaves[nextLeaf++] : handing[nextHanding++];
            while (placed.Count > 0 && degree[placed[above]] >= slots[placed[above]] + 1)
            {
                above++;
            }

            parent[peer] = placed.Count == 0 ? -1 : placed[above];
            if (placed.Count > 0)
            {
                degree[peer]++;
                degree[placed[above]]++;
            }

            open += slots[peer] - (placed.Count == 0 ? 0 : 1);
            placed.Add(peer);
        }

        return (parent, degree);
    }

    /// <summary>
    /// The peers by rank; of equal ones a certain one is first, the others follow in the plan's order.
    /// </summary>
    private static int[] Ordered(int count, Comparison<int> comparison, int first = 0)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = (first + i) % count;
        }

        // Array.Sort is not stable, and every peer must come to the same order.
        Array.Sort(order, (a, b) => comparison(a, b) is var sign && sign != 0 ? sign : Turn(a).CompareTo(Turn(b)));
        return order;

        int Turn(int peer) => (peer + count - first) % count;
    }

    private bool IsWalled(int one, int other) =>
        _walls.Contains(new PlanWall(Math.Min(one, other), Math.Max(one, other)));

    private int TreeOf(ChunkRef chunk)
    {
        ulong offset = DeterministicRandom.Mix(chunk.Content.Value.Prefix) % (uint)_treeCount;
        return (int)((offset + (uint)chunk.Index.Value) % (uint)_treeCount);
    }
}
