using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;

namespace Shoal.Hosts.Hub;

/// <summary>One swarm at the hub: its tracker, the loop that feeds it, and its members' connections.</summary>
internal sealed class HostedSwarm
{
    private const int Closed = -1;

    private readonly HostLoop<SwarmTrackerEvent> _loop;
    private readonly SwarmTracker _tracker;
    private readonly ConcurrentDictionary<LinkId, FrameConnection<MemberMessage, HubMessage>> _links = new();
    private readonly List<SwarmTrackerEffect> _effects = [];
    private readonly HubOptions _options;
    private readonly TaskScope _tasks;
    private readonly HubMetrics _metrics;
    private readonly ILogger _log;
    private int _guests;

    public HostedSwarm(
        string name, HubOptions options, TimeProvider time, long hubStart, TaskScope tasks, HubMetrics metrics,
        ILogger log)
    {
        Name = name;
        _options = options;
        _tasks = tasks;
        _metrics = metrics;
        _log = log;
        _loop = new HostLoop<SwarmTrackerEvent>(time, hubStart);
        _tracker = new SwarmTracker(new SwarmTrackerOptions { Swarm = name, Lease = options.Lease });
    }

    public string Name { get; }

    /// <summary>Runs until <see cref="TryClose"/>.</summary>
    public Task RunAsync() => _loop.RunAsync(Handle, new SwarmTrackerEvent.Tick());

    /// <summary>Counts a connection in; false: the swarm has just been forgotten.</summary>
    public bool TryEnter()
    {
        for (int guests = Volatile.Read(ref _guests); guests != Closed; guests = Volatile.Read(ref _guests))
        {
            if (Interlocked.CompareExchange(ref _guests, guests + 1, guests) == guests)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the swarm if nobody is in it; true if that was done just now.</summary>
    public bool TryClose()
    {
        if (Interlocked.CompareExchange(ref _guests, Closed, 0) != 0)
        {
            return false;
        }

        _loop.Complete();
        return true;
    }

    /// <summary>Serves a connection that was counted in, from its join or look to its end.</summary>
    public async Task ServeAsync(
        LinkId link, MemberMessage first, FrameConnection<MemberMessage, HubMessage> connection,
        CancellationToken cancellationToken)
    {
        _links[link] = connection;
        try
        {
            await _loop.PostAsync(new SwarmTrackerEvent.FromMember(link, first), cancellationToken);
            while (true)
            {
                Received<MemberMessage> received = await connection.ReceiveAsync(cancellationToken);
                if (received.Kind != ReceivedKind.Message)
                {
                    break;
                }

                _metrics.Received();
                if (_log.IsEnabled(LogLevel.Debug))
                {
                    _log.Received(Name, link.Value, received.Message!.GetType().Name);
                }

                await _loop.PostAsync(new SwarmTrackerEvent.FromMember(link, received.Message!), cancellationToken);
            }
        }
        finally
        {
            _links.TryRemove(link, out _);
            await _loop.PostAsync(new SwarmTrackerEvent.LinkLost(link), CancellationToken.None);
            Interlocked.Decrement(ref _guests);
        }
    }

    private ValueTask Handle(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _tracker.Apply(_loop.Now, @event, _effects);
        foreach (SwarmTrackerEffect effect in _effects)
        {
            Carry(effect);
        }

        return ValueTask.CompletedTask;
    }

    private void Carry(SwarmTrackerEffect effect)
    {
        switch (effect)
        {
            case SwarmTrackerEffect.ToMember to when _links.TryGetValue(to.Link, out var connection):
                connection.Send(to.Message);
                _metrics.Sent();
                if (_log.IsEnabled(LogLevel.Debug))
                {
                    _log.Sent(Name, to.Link.Value, to.Message.GetType().Name);
                }

                break;
            case SwarmTrackerEffect.Disconnect gone when _links.TryGetValue(gone.Link, out var connection):
                if (gone.IsFault)
                {
                    _log.Disconnected(Name, connection.Remote.ToString(), gone.Reason);
                    _metrics.Disconnected();
                }

                _tasks.Run(() => connection.CloseAsync(gone.Reason, _options.CloseLimit, CancellationToken.None));
                break;
            case SwarmTrackerEffect.Started started:
                _log.Started(Name, started.Members);
                break;
            case SwarmTrackerEffect.Finished finished:
                Tell(finished.Report);
                _metrics.Finished(finished.Report);
                break;
            case SwarmTrackerEffect.Ended:
                _log.SwarmEnded(Name);
                break;
            case SwarmTrackerEffect.Tell tell:
                Tell(tell.Note);
                break;
            default:
                break;
        }
    }

    private void Tell(ExchangeReport report) => _log.Finished(
        Name, report.Makespan.TotalMilliseconds, report.LowerBound.TotalMilliseconds, report.Ratio,
        report.BoundSource.ToString(), report.Binding, report.ContentBytes, report.Peers.Length,
        _loop.Now.TotalMilliseconds);

    private void Tell(SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.MemberJoined joined:
                _metrics.MemberJoined();
                _log.Joined(Name, joined.Member.Id.Brief, joined.Member.Name, joined.Member.JoinOrder);
                break;
            case SwarmNote.MemberGone gone:
                _metrics.MemberGone();
                _log.Gone(Name, gone.Member.Id.Brief, gone.Member.Name, gone.Departure.ToString());
                break;
            case SwarmNote.Replanned plan:
                _log.Planned(Name, plan.Epoch);
                break;
            case SwarmNote.ContentWithdrawn withdrawn:
                _log.Withdrawn(Name, withdrawn.Content.Brief, withdrawn.By.Brief);
                break;
            default:
                break;
        }
    }
}
