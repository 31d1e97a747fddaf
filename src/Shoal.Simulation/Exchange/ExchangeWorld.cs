using System.Diagnostics;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>
/// A world in which the machines of an exchange run: <see cref="SwarmPeer"/> and <see cref="SwarmTracker"/>, the very
/// ones of the real hub and peers, with clock, connections and processes replaced. What a machine wants done becomes a
/// later event; chunks take the time that the links need for their bytes, and messages, which are small, only the
/// latency. Ends of transfers come before other events of their instant.
/// </summary>
internal sealed class ExchangeWorld
{
    /// <summary>
    /// More events than this at one instant go round in a circle; and so many more for each pair of peers, because all
    /// may join at once and be told of each other.
    /// </summary>
    private const int MostEventsAtOnce = 1_000_000;

    private const int MostEventsAtOncePerPair = 16;

    /// <summary>How many events lie between two looks at what is outside the world; a power of two.</summary>
    private const int EventsBetweenLooks = 1 << 14;

    private const int MostNames = 8;

    private readonly ExchangeScenario _scenario;
    private readonly WorldFrame _frame;
    private readonly HubShell _hub;
    private readonly PeerMesh _mesh;
    private readonly PeerShells _peers;
    private readonly TraceHash _trace = new();
    private int _atOnce;
    private long _events;

    public ExchangeWorld(ExchangeScenario scenario)
    {
        _scenario = scenario;
        _frame = new WorldFrame(scenario);
        _mesh = new PeerMesh(_frame);
        _hub = new HubShell(_frame, _mesh);
        _peers = new PeerShells(_frame, _hub, _mesh);
    }

    /// <summary>Told of every chunk that has left its sender.</summary>
    public Action<SentChunk>? Sent { get; init; }

    /// <summary>Told now and then how far the run is.</summary>
    public Action<ExchangeProgress>? Progress { get; init; }

    /// <summary>How many times the level of a link was computed.</summary>
    public long NetworkSteps => _mesh.NetworkSteps;

    /// <summary>Runs the scenario to its end.</summary>
    /// <exception cref="BrokenRuleException">A checker found a broken rule.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public ExchangeRun Run(CancellationToken cancellation = default)
    {
        Populate();
        while (_peers.Alive > 0)
        {
            VirtualTime end = _mesh.NextEnd;
            VirtualTime next = end <= _frame.Queue.NextTime ? end : _frame.Queue.NextTime;
            CheckPace(next);
            _frame.Clock.AdvanceTo(next);
            if ((++_events & (EventsBetweenLooks - 1)) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Progress?.Invoke(new ExchangeProgress(
                    next, _frame.Ledger.Entries, (long)_frame.Contents.ChunkCount * _peers.All.Count));
            }

            if (next == end)
            {
                SentChunk sent = _peers.EndTransfer();
                _trace.Add(next, -1, sent.To, sent.Chunk);
                Sent?.Invoke(sent);
            }
            else
            {
                _frame.Queue.TryTake(out _, out WorldEvent @event);
                _trace.Add(next, (int)@event.Kind, @event.Peer, @event.Number);
                Handle(@event);
            }
        }

        CheckEnd();
        return Summarize();
    }

    private void Populate()
    {
        for (int content = 0; content < _scenario.Contents.Length; content++)
        {
            Manifest manifest = _frame.Contents.Manifests[content];
            int first = _frame.Contents.FirstChunkOf(manifest.Id);
            foreach (int holder in _scenario.Contents[content].Holders)
            {
                for (int i = 0; i < manifest.ChunkCount; i++)
                {
                    _frame.Ledger.Add(holder, first + i);
                }
            }
        }

        _hub.StartLater(VirtualTime.Zero);
        foreach (SimulatedPeer peer in _peers.All)
        {
            _peers.StartLater(peer, _scenario.Peers[peer.Index].JoinsAt);
        }

        for (int i = 0; i < _scenario.Faults.Length; i++)
        {
            _frame.Queue.Add(_scenario.Faults[i].At, new WorldEvent(WorldEventKind.Fault, -1, i));
        }
    }

    private void Handle(in WorldEvent @event)
    {
        switch (@event.Kind)
        {
            case WorldEventKind.FromPeer:
                _peers.HearPeer(
                    _peers.All[@event.Peer], (PeerSession)@event.Subject!, (PeerMessage)@event.Message!);
                break;
            case WorldEventKind.ChunkArrives:
                _peers.Receive(_peers.All[@event.Peer], (PeerSession)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.ChunkReachesHub:
                _hub.Receive((HubLink)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.ChunkFromHub:
                _peers.Receive((HubLink)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.FromMember:
                _hub.Hear((HubLink)@event.Subject!, (MemberMessage)@event.Message!);
                break;
            case WorldEventKind.FromHub:
                _peers.HearHub((HubLink)@event.Subject!, (HubMessage)@event.Message!);
                break;
            case WorldEventKind.PeerTick:
                _peers.Tick(_peers.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.HubTick:
                _hub.Tick(@event.Number);
                break;
            default:
                HandleChange(@event);
                break;
        }
    }

    private void HandleChange(in WorldEvent @event)
    {
        switch (@event.Kind)
        {
            case WorldEventKind.HubStarts:
                _hub.Start(@event.Number);
                break;
            case WorldEventKind.PeerStarts:
                _peers.Start(_peers.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.HubDialled:
                _peers.ReachHub(_peers.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.HubLost:
                _peers.LoseHub((HubLink)@event.Subject!);
                break;
            case WorldEventKind.LinkLost:
                _hub.Lose((HubLink)@event.Subject!);
                break;
            case WorldEventKind.PeerDialled:
                _peers.ReachPeer(_peers.All[@event.Peer], (SimulatedPeer)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.PeerLost:
                _peers.LosePeer(_peers.All[@event.Peer], (PeerSession)@event.Subject!);
                break;
            case WorldEventKind.ConnectionEnded:
                _peers.EndConnection(_peers.All[@event.Peer], (PeerSession)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.StallEnds:
                _peers.EndStall(_peers.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.CutEnds:
                _mesh.Join((PeerPair)@event.Subject!);
                break;
            case WorldEventKind.Fault:
                Befall(_scenario.Faults[@event.Number]);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Lets a fault happen. One that befalls a process which is not there does nothing.</summary>
    private void Befall(ScenarioFault fault)
    {
        switch (fault)
        {
            case ScenarioFault.Vanish vanish when _peers.All[vanish.Peer] is { Machine: not null } peer:
                _peers.Kill(peer);
                if (vanish.BackAfter is { } delay)
                {
                    _peers.StartLater(peer, delay);
                }

                break;
            case ScenarioFault.Stall stall when _peers.All[stall.Peer] is { Machine: not null, IsStalled: false } peer:
                _peers.Stall(peer, stall.For);
                break;
            case ScenarioFault.Cut cut:
                _mesh.Part(cut.Pair);
                _peers.Cut(_peers.All[cut.Pair.One], _peers.All[cut.Pair.Other]);
                _frame.Later(cut.For, new WorldEvent(WorldEventKind.CutEnds, -1, 0, cut.Pair));
                break;
            case ScenarioFault.Withhold withhold:
                _peers.All[withhold.Peer].IsWithholding = true;
                break;
            case ScenarioFault.ChangeLink change:
                _peers.ChangeLink(_peers.All[change.Peer], change.Up, change.Down);
                break;
            case ScenarioFault.Corrupt corrupt:
                _peers.All[corrupt.Peer].CorruptChance = corrupt.Chance;
                break;
            case ScenarioFault.RestartHub restart when _hub.IsUp:
                _hub.Kill();
                _hub.StartLater(restart.BackAfter);
                break;
            default:
                break;
        }
    }

    private void CheckPace(VirtualTime next)
    {
        if (next > _scenario.Deadline)
        {
            SimulatedPeer[] stuck = [.. _peers.All.Where(peer => peer.Outcome is null)];
            int lacking = stuck.Count(peer => !_frame.Ledger.IsComplete(peer.Index));
            string names = string.Join(", ", stuck.Take(MostNames).Select(peer => peer.Name));
            throw new BrokenRuleException(
                _frame.Now,
                $"the run does not end: {stuck.Length} peers still there ({names}), {lacking} lack chunks.");
        }

        _atOnce = next == _frame.Now ? _atOnce + 1 : 0;
        long pairs = (long)_peers.All.Count * _peers.All.Count;
        if (_atOnce > MostEventsAtOnce + (MostEventsAtOncePerPair * pairs))
        {
            throw new BrokenRuleException(_frame.Now, "the machines keep each other busy and time stands still.");
        }
    }

    /// <summary>Whoever is there at the end has every chunk that any of them has.</summary>
    private void CheckEnd()
    {
        SimulatedPeer[] survivors = [.. _peers.All.Where(peer => peer.Outcome is not null)];
        for (int chunk = 0; chunk < _frame.Contents.ChunkCount; chunk++)
        {
            if (survivors.Any(peer => _frame.Ledger.Holds(peer.Index, chunk))
                && survivors.FirstOrDefault(peer => !_frame.Ledger.Holds(peer.Index, chunk)) is { } without)
            {
                string name = _frame.Contents.ChunkAt(chunk).ToString();
                throw new BrokenRuleException(
                    _frame.Now, $"{without.Name} ended without {name}, which another has: {without.Outcome}.");
            }
        }
    }

    private ExchangeRun Summarize()
    {
        VirtualTime start = _hub.StartedAt
            ?? throw new BrokenRuleException(_frame.Now, "the start barrier has never opened.");
        VirtualTime makespan = VirtualTime.Zero;
        var peers = new List<PeerRun>();
        foreach (SimulatedPeer peer in _peers.All)
        {
            VirtualTime finish = peer.LastStoredAt > start ? peer.LastStoredAt - start : VirtualTime.Zero;
            makespan = finish > makespan ? finish : makespan;
            peers.Add(new PeerRun(
                finish, peer.BytesSent, peer.BytesSentToHub, peer.BytesStored, peer.BytesWasted, peer.ChunksRejected,
                _frame.Ledger.IsComplete(peer.Index), peer.Outcome));
        }

        return new ExchangeRun
        {
            Makespan = makespan,
            Bound = _scenario.Bound,
            Peers = [.. peers],
            HubReport = _hub.Report,
            TraceHash = _trace.Value,
            Events = _events,
            PeerMessages = _peers.Messages,
            HubMessages = _hub.Messages,
            HubBytesIn = _hub.BytesIn,
            HubBytesOut = _hub.BytesOut,
        };
    }
}
