using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Relay;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>The hub's process: its machine, its links to members, and the chunks that it relays.</summary>
internal sealed class HubShell(WorldFrame frame, PeerMesh mesh)
{
    private readonly Dictionary<LinkId, HubLink> _links = [];
    private readonly List<SwarmTrackerEffect> _effects = [];
    private SwarmHub? _hub;
    private readonly DeterministicRandom _corruption = new(DeterministicRandom.Mix(frame.Scenario.RandomSeed));
    private readonly HashSet<int> _kept = [];
    private int _life;
    private long _lastLink;

    /// <summary>When the start barrier opened first.</summary>
    public VirtualTime? StartedAt { get; private set; }

    /// <summary>What the hub reported last.</summary>
    public ExchangeReport? Report { get; private set; }

    /// <summary>Payload that it got from members, in bytes.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Payload that it sent to members, in bytes.</summary>
    public long BytesOut { get; private set; }

    public bool IsUp => _hub is not null;

    /// <summary>How many messages it sent and got.</summary>
    public long Messages { get; private set; }

    /// <summary>Starts the process; it knows nothing of an earlier one.</summary>
    public void Start(int life)
    {
        _life = life;
        _hub = new SwarmHub(new SwarmTrackerOptions
        {
            Swarm = SimulatedPeer.Swarm,
            DeclaredAs = BoundSource.Simulated,
            LentRate = frame.Scenario is { IsHubLending: true, Hub: { } link } ? link.Up : 0,
        });
        frame.Later(WorldFrame.TickPeriod, new WorldEvent(WorldEventKind.HubTick, -1, life));
    }

    /// <summary>Kills the process: all links break.</summary>
    public void Kill()
    {
        _hub = null;
        _kept.Clear();
        foreach (HubLink link in _links.Values)
        {
            Close(link);
        }

        _links.Clear();
    }

    /// <summary>Starts it again later.</summary>
    public void StartLater(VirtualTime delay) =>
        frame.Later(delay, new WorldEvent(WorldEventKind.HubStarts, -1, _life + 1));

    public void Tick(int life)
    {
        if (_hub is not null && life == _life)
        {
            Tell(new SwarmTrackerEvent.Tick());
            frame.Later(WorldFrame.TickPeriod, new WorldEvent(WorldEventKind.HubTick, -1, life));
        }
    }

    /// <summary>A new link for a peer; null while there is no process.</summary>
    public HubLink? Accept(SimulatedPeer peer)
    {
        if (_hub is null)
        {
            return null;
        }

        var link = new HubLink(new LinkId(++_lastLink), peer);
        _links.Add(link.Id, link);
        mesh.Open(link);
        return link;
    }

    public void Hear(HubLink link, MemberMessage message)
    {
        if (link.IsOpenAtHub)
        {
            Messages++;
            Tell(new SwarmTrackerEvent.FromMember(link.Id, message));
        }
    }

    public void Lose(HubLink link)
    {
        if (link.IsOpenAtHub)
        {
            mesh.Close(link);
            link.IsOpenAtHub = false;
            _links.Remove(link.Id);
            Tell(new SwarmTrackerEvent.LinkLost(link.Id));
        }
    }

    /// <summary>A chunk's last byte has come from a member; the relay checks it before it goes on.</summary>
    public void Receive(HubLink link, int chunk)
    {
        if (!link.IsOpenAtHub)
        {
            return;
        }

        BytesIn += frame.Contents.LengthOf(chunk);
        bool isDamaged = link.Peer.CorruptChance > 0 && _corruption.NextDouble() < link.Peer.CorruptChance;
        if (!isDamaged)
        {
            _kept.Add(chunk);
        }

        Tell(isDamaged
            ? new SwarmTrackerEvent.ChunkCorrupt(link.Id, frame.Contents.ChunkAt(chunk))
            : new SwarmTrackerEvent.ChunkCame(link.Id, frame.Contents.ChunkAt(chunk)));
    }

    /// <summary>A chunk's last byte has left for a member.</summary>
    public void Sent(HubLink link, int chunk)
    {
        BytesOut += frame.Contents.LengthOf(chunk);
        if (link.IsOpenAtHub)
        {
            Tell(new SwarmTrackerEvent.ChunkSent(link.Id, frame.Contents.ChunkAt(chunk)));
        }
    }

    private void Tell(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _hub!.Apply(frame.Now.ToTimeSpan(), @event, _effects);
        foreach (SwarmTrackerEffect effect in _effects)
        {
            Perform(effect);
        }

        if (_hub.BytesInFlight > RelayMachine.MostBytes)
        {
            throw new BrokenRuleException(frame.Now, $"the relay keeps {_hub.BytesInFlight} bytes.");
        }
    }

    private void Perform(SwarmTrackerEffect effect)
    {
        switch (effect)
        {
            case SwarmTrackerEffect.ToMember to:
                if (_links.TryGetValue(to.Link, out HubLink? link))
                {
                    Messages++;
                    frame.Across(new WorldEvent(WorldEventKind.FromHub, link.Peer.Index, 0, link, to.Message));
                }

                break;
            case SwarmTrackerEffect.SendChunk send:
                int sent = frame.Contents.NumberOf(send.Chunk);
                if (!_kept.Contains(sent))
                {
                    throw new BrokenRuleException(frame.Now, $"the relay sends {send.Chunk}, which it does not keep.");
                }

                if (_links.TryGetValue(send.Link, out HubLink? receiver))
                {
                    mesh.Deliver(receiver, sent);
                }

                break;
            case SwarmTrackerEffect.Release release:
                _kept.Remove(frame.Contents.NumberOf(release.Chunk));
                break;
            case SwarmTrackerEffect.Disconnect disconnect:
                if (_links.Remove(disconnect.Link, out HubLink? closed))
                {
                    Close(closed);
                }

                break;
            case SwarmTrackerEffect.Started:
                StartedAt ??= frame.Now;
                break;
            case SwarmTrackerEffect.Finished finished:
                Report = finished.Report;
                break;
            default:
                break;
        }
    }

    private void Close(HubLink link)
    {
        mesh.Close(link);
        link.IsOpenAtHub = false;
        frame.Across(new WorldEvent(WorldEventKind.HubLost, link.Peer.Index, 0, link));
    }
}
