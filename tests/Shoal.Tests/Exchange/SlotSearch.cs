using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>
/// The least number of slots in which every peer can have every chunk, by trying all schedules: in a slot a
/// link of capacity n carries n whole chunks, and what comes in a slot can be sent on in the next. Any such
/// schedule is one of the fluid world too, so no bound may be above it. Shares nothing with the code that it
/// judges.
/// </summary>
internal sealed class SlotSearch
{
    private readonly SwarmShape _shape;
    private readonly bool _isDirect;
    private readonly int _chunks;
    private readonly int _nodes;
    private readonly List<int[]> _moves = [];
    private readonly int[] _start;
    private readonly Dictionary<int, int> _siteOut = [];
    private readonly Dictionary<int, int> _siteIn = [];

    public SlotSearch(SwarmShape shape, IReadOnlyList<int[]> holders, bool isDirect)
    {
        _shape = shape;
        _isDirect = isDirect;
        _chunks = holders.Count;
        _nodes = shape.Peers.Length + (shape.Hub is null || isDirect ? 0 : 1);
        _start = new int[_nodes];
        for (int chunk = 0; chunk < _chunks; chunk++)
        {
            foreach (int holder in holders[chunk])
            {
                _start[holder] |= 1 << chunk;
            }
        }

        for (int from = 0; from < _nodes; from++)
        {
            for (int to = 0; to < _nodes; to++)
            {
                bool isAllowed = from != to && (!shape.IsRelayOnly || from >= Peers || to >= Peers);
                for (int chunk = 0; isAllowed && chunk < _chunks; chunk++)
                {
                    _moves.Add([from, to, chunk]);
                }
            }
        }
    }

    private int Peers => _shape.Peers.Length;

    /// <summary>The least number of slots, or null if it is above the limit.</summary>
    public int? Least(int limit)
    {
        var level = new HashSet<long> { Pack(_start) };
        var seen = new HashSet<long>(level);
        for (int slots = 0; slots <= limit; slots++)
        {
            if (level.Any(IsDone))
            {
                return slots;
            }

            var next = new HashSet<long>();
            foreach (long state in level)
            {
                Expand(state, Unpack(state), 0, new int[_nodes], new int[_nodes], state, next);
            }

            next.ExceptWith(seen);
            seen.UnionWith(next);
            level = next;
        }

        return null;
    }

    private void Expand(
        long state, int[] held, int move, int[] sent, int[] got, long after, HashSet<long> next)
    {
        for (; move < _moves.Count; move++)
        {
            (int from, int to, int chunk) = (_moves[move][0], _moves[move][1], _moves[move][2]);
            int have = _isDirect ? _start[from] : held[from];
            long bit = 1L << ((to * _chunks) + chunk);
            if ((have & (1 << chunk)) == 0 || (after & bit) != 0 || !Fits(from, to, sent, got))
            {
                continue;
            }

            Expand(state, held, move + 1, sent, got, after, next);
            sent[from]++;
            got[to]++;
            CountCrossing(from, to, 1);
            Expand(state, held, move + 1, sent, got, after | bit, next);
            CountCrossing(from, to, -1);
            sent[from]--;
            got[to]--;
            return;
        }

        next.Add(after);
    }

    private void CountCrossing(int from, int to, int change)
    {
        (int a, int b) = (Link(from).Site, Link(to).Site);
        if (a != b)
        {
            _siteOut[a] = _siteOut.GetValueOrDefault(a) + change;
            _siteIn[b] = _siteIn.GetValueOrDefault(b) + change;
        }
    }

    private bool Fits(int from, int to, int[] sent, int[] got)
    {
        (PeerLink a, PeerLink b) = (Link(from), Link(to));
        bool crosses = a.Site != b.Site;
        return sent[from] + (a.IsHalfDuplex ? got[from] : 0) < a.Up
            && (b.IsHalfDuplex ? got[to] + sent[to] < b.Up : got[to] < b.Down)
            && !(crosses && a.Site >= 0 && _siteOut.GetValueOrDefault(a.Site) >= _shape.Sites[a.Site].Up)
            && !(crosses && b.Site >= 0 && _siteIn.GetValueOrDefault(b.Site) >= _shape.Sites[b.Site].Down);
    }

    private PeerLink Link(int node) => node < Peers ? _shape.Peers[node] : _shape.Hub!.Value;

    private bool IsDone(long state)
    {
        long all = (1L << (Peers * _chunks)) - 1;
        return (state & all) == all;
    }

    private long Pack(int[] held)
    {
        long state = 0;
        for (int node = 0; node < _nodes; node++)
        {
            state |= (long)held[node] << (node * _chunks);
        }

        return state;
    }

    private int[] Unpack(long state)
    {
        var held = new int[_nodes];
        for (int node = 0; node < _nodes; node++)
        {
            held[node] = (int)(state >> (node * _chunks)) & ((1 << _chunks) - 1);
        }

        return held;
    }
}
