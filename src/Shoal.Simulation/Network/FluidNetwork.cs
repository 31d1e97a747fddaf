using System.Collections.Immutable;
using System.Diagnostics;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Network;

/// <summary>A transfer whose last byte has left its sender.</summary>
/// <param name="Flow">The connection's direction.</param>
/// <param name="Tag">What the sender called it.</param>
/// <param name="Bytes">How much it was.</param>
/// <param name="StartedAt">When its first byte left.</param>
internal readonly record struct TransferEnd(int Flow, int Tag, long Bytes, VirtualTime StartedAt);

/// <summary>
/// Links as pipes for a fluid. A connection carries its transfers in order, in each direction on its own, and is a flow
/// while there are any; flows share every link on their way max-min fairly, as long-lived TCP connections do, or by the
/// weights that they are given, as those do that come from far or have lost more. Latency
/// and the small messages are not here: whoever drives the network adds the one and sends the others beside it.
/// </summary>
/// <remarks>
/// Rates are computed once an instant, before time goes on. So a connection that gets its next transfer at the very
/// instant at which the last one ends has never stopped, which costs nothing. Ends are rounded up to whole nanoseconds;
/// what a link carried beyond the end in that last nanosecond counts for the connection's next transfer, so rounding
/// does not add up.
/// </remarks>
internal sealed class FluidNetwork
{
    private readonly VirtualClock _clock;
    private readonly MaxMinAllocator _allocator = new();
    private readonly FlowHeap _ends = new();
    private readonly Endpoint[] _endpoints;
    private readonly (int Up, int Down)[] _sites;
    private readonly List<int> _idle = [];
    private Flow[] _flows = new Flow[64];
    private bool _isSettled = true;

    /// <summary>A network between endpoints.</summary>
    /// <param name="clock">The time; moved by the caller, at most to <see cref="NextEnd"/>.</param>
    /// <param name="endpoints">The endpoints' links.</param>
    /// <param name="sites">The links of the sites that endpoints name.</param>
    public FluidNetwork(VirtualClock clock, ImmutableArray<PeerLink> endpoints, ImmutableArray<SiteLink> sites)
    {
        _clock = clock;
        _sites = [.. sites.Select(site => (_allocator.AddLink(site.Up), _allocator.AddLink(site.Down)))];
        _endpoints = [.. endpoints.Select(AddEndpoint)];
    }

    /// <summary>When the next transfer ends; <see cref="VirtualTime.Never"/> when none will.</summary>
    public VirtualTime NextEnd
    {
        get
        {
            Settle();
            return _ends.FirstEnd;
        }
    }

    /// <summary>How many times the level of a link was computed.</summary>
    public long Steps => _allocator.Steps;

    /// <summary>Opens one direction of a connection.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="weight">How much it gets of a full link, beside one of weight 1.</param>
    /// <returns>Its number, until it is closed.</returns>
    public int Open(int from, int to, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(from, to);
        Endpoint sender = _endpoints[from];
        Endpoint receiver = _endpoints[to];
        int flow = sender.Site >= 0 || receiver.Site >= 0
            ? OpenAcrossSites(sender, receiver, weight)
            : _allocator.AddFlow([sender.Up, receiver.Down], weight);
        if (flow >= _flows.Length)
        {
            Array.Resize(ref _flows, Math.Max(flow + 1, _flows.Length * 2));
        }

        return flow;
    }

    /// <summary>Closes one direction of a connection; what is on it or waits for it never arrives.</summary>
    public void Close(int flow)
    {
        _flows[flow].Transfers.Clear();
        _flows[flow].IsIdle = false;
        _idle.Remove(flow);
        Stop(flow);
        _allocator.RemoveFlow(flow);
    }

    /// <summary>Sends a transfer behind those already on the way.</summary>
    /// <param name="flow">The connection's direction.</param>
    /// <param name="bytes">How much; positive.</param>
    /// <param name="tag">What it is to the sender.</param>
    public void Send(int flow, long bytes, int tag)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ref Flow state = ref _flows[flow];
        state.Transfers.Add(new Transfer(bytes, tag));
        if (state.Transfers.Count > 1)
        {
            return;
        }

        if (state.IsIdle)
        {
            state.IsIdle = false;
            _idle.Remove(flow);
        }
        else
        {
            _allocator.Start(flow);
            state.Rate = 0;
            state.Remaining = 0;
            state.UpdatedAt = _clock.Now;
            _isSettled = false;
        }

        BeginTransfer(flow, ref state);
    }

    /// <summary>Changes an endpoint's links from now on.</summary>
    public void SetLink(int endpoint, double up, double down)
    {
        Endpoint target = _endpoints[endpoint];
        _allocator.SetCapacity(target.Up, up);
        if (target.Down != target.Up)
        {
            _allocator.SetCapacity(target.Down, down);
        }

        _isSettled = false;
    }

    /// <summary>Takes the transfer that ends now.</summary>
    public TransferEnd TakeEnd()
    {
        Debug.Assert(_ends.FirstEnd == _clock.Now, "the clock stands at the end that is taken");
        int flow = _ends.First;
        ref Flow state = ref _flows[flow];
        Advance(ref state);
        Transfer done = state.Transfers.First;
        state.Transfers.RemoveFirst();
        var end = new TransferEnd(flow, done.Tag, done.Bytes, state.StartedAt);
        if (state.Transfers.Count > 0)
        {
            BeginTransfer(flow, ref state);
        }
        else
        {
            _ends.Set(flow, VirtualTime.Never);
            state.IsIdle = true;
            _idle.Add(flow);
            _isSettled = false;
        }

        return end;
    }

    private Endpoint AddEndpoint(PeerLink link)
    {
        int up = _allocator.AddLink(link.Up);
        return new Endpoint(up, link.IsHalfDuplex ? up : _allocator.AddLink(link.Down), link.Site);
    }

    private int OpenAcrossSites(Endpoint sender, Endpoint receiver, double weight)
    {
        Span<int> path = stackalloc int[MaxMinAllocator.MostLinks];
        int length = 0;
        path[length++] = sender.Up;
        if (sender.Site != receiver.Site)
        {
            if (sender.Site >= 0)
            {
                path[length++] = _sites[sender.Site].Up;
            }

            if (receiver.Site >= 0)
            {
                path[length++] = _sites[receiver.Site].Down;
            }
        }

        path[length++] = receiver.Down;
        return _allocator.AddFlow(path[..length], weight);
    }

    /// <summary>Stops the flows that ran dry and gives everybody the rate that is due now.</summary>
    private void Settle()
    {
        if (_isSettled)
        {
            return;
        }

        foreach (int flow in _idle)
        {
            _flows[flow].IsIdle = false;
            Stop(flow);
        }

        _idle.Clear();
        foreach (int flow in _allocator.Settle())
        {
            ref Flow state = ref _flows[flow];
            Advance(ref state);
            state.Rate = _allocator.RateOf(flow);
            _ends.Set(flow, EndOf(state));
        }

        _isSettled = true;
    }

    private void Stop(int flow)
    {
        if (_allocator.IsActive(flow))
        {
            _allocator.Stop(flow);
            _isSettled = false;
        }

        _flows[flow].Rate = 0;
        _flows[flow].Remaining = 0;
        _ends.Set(flow, VirtualTime.Never);
    }

    private void BeginTransfer(int flow, ref Flow state)
    {
        state.Remaining += state.Transfers.First.Bytes;
        state.StartedAt = _clock.Now;
        _ends.Set(flow, EndOf(state));
    }

    /// <summary>Counts what the flow has carried since its last update.</summary>
    private void Advance(ref Flow state)
    {
        long elapsed = (_clock.Now - state.UpdatedAt).Nanoseconds;
        state.UpdatedAt = _clock.Now;
        if (double.IsPositiveInfinity(state.Rate))
        {
            state.Remaining = 0;
        }
        else
        {
            state.Remaining -= state.Rate * (elapsed * 1e-9);
        }
    }

    private static VirtualTime EndOf(in Flow state)
    {
        if (state.Rate == 0)
        {
            return VirtualTime.Never;
        }

        double left = Math.Ceiling(Math.Max(0, state.Remaining / state.Rate * 1e9));
        return left < 1e18 ? new VirtualTime(state.UpdatedAt.Nanoseconds + (long)left) : VirtualTime.Never;
    }

    private readonly record struct Endpoint(int Up, int Down, int Site);

    private struct Flow
    {
        public TransferQueue Transfers;

        /// <summary>
        /// Bytes of the first transfer that have yet to leave; a little below 0 by the rounding of its end.
        /// </summary>
        public double Remaining;

        public double Rate;

        public VirtualTime UpdatedAt;

        public VirtualTime StartedAt;

        /// <summary>Whether it ran dry at this very instant and may go on.</summary>
        public bool IsIdle;
    }
}
