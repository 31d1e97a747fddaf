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
    private readonly PeerProcesses _processes;
    private readonly PeerShells _shells;
    private readonly WorldFaults _faults;
    private readonly TraceHash _trace = new();
    private int _atOnce;
    private long _events;

    public ExchangeWorld(ExchangeScenario scenario)
    {
        _scenario = scenario;
        _frame = new WorldFrame(scenario);
        _mesh = new PeerMesh(_frame);
        _hub = new HubShell(_frame, _mesh);
        _processes = new PeerProcesses(_frame, _hub, _mesh);
        _shells = new PeerShells(_frame, _hub, _mesh, _processes);
        _faults = new WorldFaults(_frame, _hub, _mesh, _processes, _shells);
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
        while (_processes.Alive > 0)
        {
            VirtualTime end = _mesh.NextEnd;
            VirtualTime next = end <= _frame.Queue.NextTime ? end : _frame.Queue.NextTime;
            CheckPace(next);
            _frame.Clock.AdvanceTo(next);
            if ((++_events & (EventsBetweenLooks - 1)) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Progress?.Invoke(new ExchangeProgress(
                    next, _frame.Ledger.Entries, (long)_frame.Contents.ChunkCount * _processes.All.Count));
            }

            if (next == end)
            {
                SentChunk sent = _shells.EndTransfer();
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
        foreach (SimulatedPeer peer in _processes.All)
        {
            _processes.StartLater(peer, _scenario.Peers[peer.Index].JoinsAt);
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
                _shells.HearPeer(
                    _processes.All[@event.Peer], (PeerSession)@event.Subject!, (PeerMessage)@event.Message!);
                break;
            case WorldEventKind.ChunkArrives:
                _shells.Receive(_processes.All[@event.Peer], (PeerSession)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.ChunkReachesHub:
                _hub.Receive((HubLink)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.ChunkFromHub:
                _shells.Receive((HubLink)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.FromMember:
                _hub.Hear((HubLink)@event.Subject!, (MemberMessage)@event.Message!);
                break;
            case WorldEventKind.FromHub:
                _shells.HearHub((HubLink)@event.Subject!, (HubMessage)@event.Message!);
                break;
            case WorldEventKind.PeerTick:
                _processes.Tick(_processes.All[@event.Peer], @event.Number);
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
                _processes.Start(_processes.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.HubDialled:
                _shells.ReachHub(_processes.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.HubLost:
                _shells.LoseHub((HubLink)@event.Subject!);
                break;
            case WorldEventKind.LinkLost:
                _hub.Lose((HubLink)@event.Subject!);
                break;
            case WorldEventKind.PeerDialled:
                _shells.ReachPeer(_processes.All[@event.Peer], (SimulatedPeer)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.PeerLost:
                _shells.LosePeer(_processes.All[@event.Peer], (PeerSession)@event.Subject!);
                break;
            case WorldEventKind.ConnectionEnded:
                _shells.EndConnection(_processes.All[@event.Peer], (PeerSession)@event.Subject!, @event.Number);
                break;
            case WorldEventKind.StallEnds:
                _processes.EndStall(_processes.All[@event.Peer], @event.Number);
                break;
            case WorldEventKind.CutEnds:
                _mesh.Join((PeerPair)@event.Subject!);
                break;
            case WorldEventKind.Fault:
                _faults.Befall(_scenario.Faults[@event.Number]);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void CheckPace(VirtualTime next)
    {
        if (next > _scenario.Deadline)
        {
            SimulatedPeer[] stuck = [.. _processes.All.Where(peer => peer.Outcome is null)];
            int lacking = stuck.Count(peer => !_frame.Ledger.IsComplete(peer.Index));
            string names = string.Join(", ", stuck.Take(MostNames).Select(peer => peer.Name));
            throw new BrokenRuleException(
                _frame.Now,
                $"the run does not end: {stuck.Length} peers still there ({names}), {lacking} lack chunks.");
        }

        _atOnce = next == _frame.Now ? _atOnce + 1 : 0;
        long pairs = (long)_processes.All.Count * _processes.All.Count;
        if (_atOnce > MostEventsAtOnce + (MostEventsAtOncePerPair * pairs))
        {
            throw new BrokenRuleException(_frame.Now, "the machines keep each other busy and time stands still.");
        }
    }

    /// <summary>Whoever is there at the end has every chunk that any of them has.</summary>
    private void CheckEnd()
    {
        SimulatedPeer[] survivors = [.. _processes.All.Where(peer => peer.Outcome is not null)];
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
        foreach (SimulatedPeer peer in _processes.All)
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
            PeerMessages = _shells.Messages,
            HubMessages = _hub.Messages,
            HubBytesIn = _hub.BytesIn,
            HubBytesOut = _hub.BytesOut,
        };
    }
}
