using System.Diagnostics;

namespace Shoal.Simulation.Network;

/// <summary>
/// Shares links among flows so that the allocation is max-min fair: no flow can get more but at the cost of one that
/// has no more than it, each for its weight (Bertsekas and Gallager, Data Networks, 6.5.2).
/// </summary>
/// <remarks>
/// Every link has a <em>level</em>: the water mark up to which it fills its flows, given what their other
/// links let through; infinite while it is not full. A flow's rate is its weight times the least level on its
/// path. The levels where each follows from the others are the max-min fair allocation, and computing a level
/// again whenever one that it depends on has changed leads there in finitely many steps: the lowest level is
/// right after its first computation, then the next. So a change costs as much as it changes: a step looks at
/// one link, and goes on to others only as far as levels move.
/// </remarks>
internal sealed class MaxMinAllocator
{
    /// <summary>Links on a flow's path: out of a peer, out of its site, into a site, into a peer.</summary>
    public const int MostLinks = 4;

    private const int None = -1;

    /// <summary>
    /// A level that moves by less than this part of itself has not moved; stops rounding from circling.
    /// </summary>
    private const double Tolerance = 1e-11;

    private readonly List<FlowLink> _links = [];
    private readonly Queue<int> _dirty = new();
    private readonly List<int> _touched = [];
    private readonly List<int> _changed = [];
    private readonly Stack<int> _freeFlows = new();
    private double[] _levels = new double[16];
    private double[] _limits = new double[16];
    private double[] _shares = new double[16];
    private int[] _path = new int[16 * MostLinks];
    private int[] _position = new int[16 * MostLinks];
    private double[] _rates = new double[16];
    private double[] _weights = new double[16];
    private FlowState[] _states = new FlowState[16];
    private int _flowCount;

    [Flags]
    private enum FlowState : byte
    {
        None = 0,
        Active = 1,
        Touched = 2,
    }

    /// <summary>How many times a level was computed so far; what the work is measured in.</summary>
    public long Steps { get; private set; }

    /// <summary>Adds a link.</summary>
    /// <param name="capacity">Bytes per second; may be infinite.</param>
    public int AddLink(double capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (_links.Count == _levels.Length)
        {
            Array.Resize(ref _levels, _levels.Length * 2);
        }

        _levels[_links.Count] = double.PositiveInfinity;
        _links.Add(new FlowLink { Capacity = capacity, Announced = double.PositiveInfinity });
        return _links.Count - 1;
    }

    public void SetCapacity(int link, double capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _links[link].Capacity = capacity;
        MarkDirty(link);
    }

    /// <summary>Adds a flow, which gets nothing until it is started.</summary>
    /// <param name="path">The links that it crosses, each at most once.</param>
    /// <param name="weight">How much it gets of a full link, beside a flow of weight 1.</param>
    public int AddFlow(ReadOnlySpan<int> path, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(path.Length, MostLinks, nameof(path));
        if (!_freeFlows.TryPop(out int flow))
        {
            flow = _flowCount++;
            if (flow == _rates.Length)
            {
                Array.Resize(ref _rates, flow * 2);
                Array.Resize(ref _weights, flow * 2);
                Array.Resize(ref _states, flow * 2);
                Array.Resize(ref _path, flow * 2 * MostLinks);
                Array.Resize(ref _position, flow * 2 * MostLinks);
            }
        }

        Span<int> slots = _path.AsSpan(flow * MostLinks, MostLinks);
        slots.Fill(None);
        path.CopyTo(slots);
        _weights[flow] = weight;
        return flow;
    }

    /// <summary>Removes a flow that is stopped; its number may be given to another.</summary>
    public void RemoveFlow(int flow)
    {
        Debug.Assert(!IsActive(flow), "a flow is stopped before it is removed");
        _freeFlows.Push(flow);
    }

    public bool IsActive(int flow) => (_states[flow] & FlowState.Active) != 0;

    /// <summary>The flow's rate as of the last <see cref="Settle"/>, in bytes per second.</summary>
    public double RateOf(int flow) => _rates[flow];

    /// <summary>Lets a flow take its part from the next <see cref="Settle"/> on.</summary>
    public void Start(int flow)
    {
        Debug.Assert(!IsActive(flow), "a flow is started once");
        _states[flow] |= FlowState.Active;
        Touch(flow);
        for (int slot = flow * MostLinks; slot < (flow + 1) * MostLinks && _path[slot] != None; slot++)
        {
            _position[slot] = _links[_path[slot]].Add(slot);
            MarkDirty(_path[slot]);
        }
    }

    /// <summary>Takes a flow's part away from the next <see cref="Settle"/> on.</summary>
    public void Stop(int flow)
    {
        Debug.Assert(IsActive(flow), "only an active flow is stopped");
        _states[flow] &= ~FlowState.Active;
        _rates[flow] = 0;
        for (int slot = flow * MostLinks; slot < (flow + 1) * MostLinks && _path[slot] != None; slot++)
        {
            FlowLink link = _links[_path[slot]];
            int moved = link.RemoveAt(_position[slot]);
            _position[moved] = _position[slot];
            MarkDirty(_path[slot]);
        }
    }

    /// <summary>Brings all rates up to date.</summary>
    /// <returns>The active flows whose rate is another now; valid until the next call.</returns>
    public IReadOnlyList<int> Settle()
    {
        _changed.Clear();
        Relax();
        foreach (int flow in _touched)
        {
            _states[flow] &= ~FlowState.Touched;
            double rate = IsActive(flow) ? _weights[flow] * LimitBut(flow, None) : 0;
            if (IsActive(flow) && rate != _rates[flow])
            {
                _rates[flow] = rate;
                _changed.Add(flow);
            }
        }

        _touched.Clear();
        return _changed;
    }

    private void Relax()
    {
        double tolerance = Tolerance;
        long round = (8L * _links.Count) + 64;
        long widenAt = Steps + round;
        while (_dirty.TryDequeue(out int index))
        {
            FlowLink link = _links[index];
            link.IsDirty = false;
            double level = ComputeLevel(link);
            _levels[index] = level;
            double old = link.Announced;
            if (level != old && !(Math.Abs(level - old) <= tolerance * Math.Min(level, old)))
            {
                link.Announced = level;
                Announce(index, link, old, level);
            }

            // Never seen: rounding that circles wider than the tolerance. Were it so, the answer gets coarser.
            if (++Steps == widenAt)
            {
                widenAt += round;
                tolerance *= 10;
                if (tolerance > 1e-6)
                {
                    throw new UnreachableException("The levels of the links do not settle.");
                }
            }
        }
    }

    private double ComputeLevel(FlowLink link)
    {
        int count = link.Count;
        if (count == 0 || double.IsPositiveInfinity(link.Capacity))
        {
            return double.PositiveInfinity;
        }

        if (_limits.Length < count)
        {
            int size = Math.Max(count, _limits.Length * 2);
            Array.Resize(ref _limits, size);
            Array.Resize(ref _shares, size);
        }

        for (int i = 0; i < count; i++)
        {
            int slot = link.Slots[i];
            _limits[i] = LimitBut(slot / MostLinks, slot);
            _shares[i] = _weights[slot / MostLinks];
        }

        return WaterLevel.Of(link.Capacity, _limits.AsSpan(0, count), _shares.AsSpan(0, count));
    }

    /// <summary>The least level on a flow's path, a slot or two left out.</summary>
    private double LimitBut(int flow, int omitted, int alsoOmitted = None)
    {
        double limit = double.PositiveInfinity;
        for (int slot = flow * MostLinks; slot < (flow + 1) * MostLinks && _path[slot] != None; slot++)
        {
            if (slot != omitted && slot != alsoOmitted)
            {
                limit = Math.Min(limit, _levels[_path[slot]]);
            }
        }

        return limit;
    }

    /// <summary>Marks the links whose level may follow from a level that has moved.</summary>
    private void Announce(int index, FlowLink link, double old, double level)
    {
        for (int i = 0; i < link.Count; i++)
        {
            int own = link.Slots[i];
            int flow = own / MostLinks;
            Touch(flow);
            for (int slot = flow * MostLinks; slot < (flow + 1) * MostLinks && _path[slot] != None; slot++)
            {
                if (slot == own || _links[_path[slot]].IsDirty)
                {
                    continue;
                }

                double others = LimitBut(flow, slot, own);
                double before = Math.Min(old, others);
                double after = Math.Min(level, others);
                double theirs = _levels[_path[slot]];

                // A link that is not full stays so when a flow gets less; a full one gives the flow its own level
                // while the flow's limit is no lower.
                bool matters = double.IsPositiveInfinity(theirs)
                    ? after > before
                    : Math.Min(before, theirs) != Math.Min(after, theirs);
                if (matters)
                {
                    MarkDirty(_path[slot]);
                }
            }
        }
    }

    private void Touch(int flow)
    {
        if ((_states[flow] & FlowState.Touched) == 0)
        {
            _states[flow] |= FlowState.Touched;
            _touched.Add(flow);
        }
    }

    private void MarkDirty(int link)
    {
        if (!_links[link].IsDirty)
        {
            _links[link].IsDirty = true;
            _dirty.Enqueue(link);
        }
    }
}
