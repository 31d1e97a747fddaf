using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>The hub's process: the tracker's machine and its links to members.</summary>
internal sealed class HubShell(WorldFrame frame)
{
    private readonly Dictionary<LinkId, HubLink> _links = [];
    private readonly List<SwarmTrackerEffect> _effects = [];
    private SwarmTracker? _tracker;
    private int _life;
    private long _lastLink;

    /// <summary>When the start barrier opened first.</summary>
    public VirtualTime? StartedAt { get; private set; }

    /// <summary>What the hub reported last.</summary>
    public ExchangeReport? Report { get; private set; }

    public bool IsUp => _tracker is not null;

    /// <summary>How many messages it sent and got.</summary>
    public long Messages { get; private set; }

    /// <summary>Starts the process; it knows nothing of an earlier one.</summary>
    public void Start(int life)
    {
        _life = life;
        _tracker = new SwarmTracker(
            new SwarmTrackerOptions { Swarm = SimulatedPeer.Swarm, DeclaredAs = BoundSource.Simulated });
        frame.Later(WorldFrame.TickPeriod, new WorldEvent(WorldEventKind.HubTick, -1, life));
    }

    /// <summary>Kills the process: all links break.</summary>
    public void Kill()
    {
        _tracker = null;
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
        if (_tracker is not null && life == _life)
        {
            Tell(new SwarmTrackerEvent.Tick());
            frame.Later(WorldFrame.TickPeriod, new WorldEvent(WorldEventKind.HubTick, -1, life));
        }
    }

    /// <summary>A new link for a peer; null while there is no process.</summary>
    public HubLink? Accept(SimulatedPeer peer)
    {
        if (_tracker is null)
        {
            return null;
        }

        var link = new HubLink(new LinkId(++_lastLink), peer);
        _links.Add(link.Id, link);
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
            link.IsOpenAtHub = false;
            _links.Remove(link.Id);
            Tell(new SwarmTrackerEvent.LinkLost(link.Id));
        }
    }

    private void Tell(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _tracker!.Apply(frame.Now.ToTimeSpan(), @event, _effects);
        foreach (SwarmTrackerEffect effect in _effects)
        {
            Perform(effect);
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
        link.IsOpenAtHub = false;
        frame.Across(new WorldEvent(WorldEventKind.HubLost, link.Peer.Index, 0, link));
    }
}
