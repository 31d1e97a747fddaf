using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay;
using Shoal.Core.Relay.Star;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;

namespace Shoal.Hosts.Hub;

/// <summary>
/// One swarm at the hub: its machine, the loop that feeds it, its members' connections, and the chunks that it relays.
/// </summary>
internal sealed class HostedSwarm
{
    private const int Closed = -1;

    private readonly HostLoop<SwarmTrackerEvent> _loop;
    private readonly Action<TimeSpan, SwarmTrackerEvent, IList<SwarmTrackerEffect>> _machine;
    private readonly ConcurrentDictionary<LinkId, MemberLink> _links = new();

    // Written by the loop, read by the connections' tasks.
    private readonly ConcurrentDictionary<ContentId, Manifest> _manifests = new();
    private readonly List<SwarmTrackerEffect> _effects = [];
    private readonly HubOptions _options;
    private readonly TaskScope _tasks;
    private readonly HubMetrics _metrics;
    private readonly SwarmGuests? _guests;
    private readonly SwarmTeller _teller;

    // Connections that were counted in.
    private int _inside;

    public HostedSwarm(
        string name, Action<TimeSpan, SwarmTrackerEvent, IList<SwarmTrackerEffect>> machine, HubOptions options,
        TimeProvider time, long hubStart, TaskScope tasks, HubMetrics metrics, ILogger log, SwarmGuests? guests)
    {
        _guests = guests;
        Name = name;
        _machine = machine;
        _options = options;
        _tasks = tasks;
        _metrics = metrics;
        _teller = new SwarmTeller(name, metrics, log);
        _loop = new HostLoop<SwarmTrackerEvent>(time, hubStart);
        Store = new RelayStore { IsCounting = options.Clock is not null };
    }

    public string Name { get; }

    /// <summary>The chunks that are being relayed.</summary>
    public RelayStore Store { get; }

    /// <summary>Runs until <see cref="TryClose"/>.</summary>
    public Task RunAsync() => _loop.RunAsync(Handle, new SwarmTrackerEvent.Tick());

    /// <summary>The machine of a swarm, by its name.</summary>
    public static Action<TimeSpan, SwarmTrackerEvent, IList<SwarmTrackerEffect>> MachineOf(
        string name, HubOptions options)
    {
        var tracker = new SwarmTrackerOptions
        {
            Swarm = name,
            Lease = options.Lease,
            LentRate = options.LentRate ?? 0,
            Offer = OfferId.TryParseSwarm(name, out OfferId offer) ? offer : null,
        };
        return options.Clock is { } clock ? new StarHub(clock, tracker).Apply : new SwarmHub(tracker).Apply;
    }

    /// <summary>Tells the machine something that no connection says.</summary>
    public ValueTask<bool> TellAsync(SwarmTrackerEvent @event, CancellationToken cancellationToken) =>
        _loop.PostAsync(@event, cancellationToken);

    /// <summary>Borrows a member's connection, to speak on it until it is given back.</summary>
    public void Borrow(MemberLink link) => _links[link.Id] = link;

    /// <summary>Gives a connection back.</summary>
    public void GiveBack(LinkId link) => _links.TryRemove(link, out _);

    /// <summary>Counts a connection in; false: the swarm has just been forgotten.</summary>
    public bool TryEnter()
    {
        for (int inside = Volatile.Read(ref _inside); inside != Closed; inside = Volatile.Read(ref _inside))
        {
            if (Interlocked.CompareExchange(ref _inside, inside + 1, inside) == inside)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the swarm if nobody is in it; true if that was done just now.</summary>
    public bool TryClose()
    {
        if (Interlocked.CompareExchange(ref _inside, Closed, 0) != 0)
        {
            return false;
        }

        _loop.Complete();
        return true;
    }

    /// <summary>Serves a connection that was counted in, from its first message to its end.</summary>
    public async Task ServeAsync(MemberLink link, MemberMessage first, CancellationToken cancellationToken)
    {
        _links[link.Id] = link;
        link.Enter(this);
        try
        {
            await _loop.PostAsync(new SwarmTrackerEvent.FromMember(link.Id, first), cancellationToken);
            while (await ReceiveAsync(link, cancellationToken))
            {
            }
        }
        finally
        {
            _links.TryRemove(link.Id, out _);
            await _loop.PostAsync(new SwarmTrackerEvent.LinkLost(link.Id), CancellationToken.None);
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>A delivery has ended: the loop takes it from the link, now or at its next tick.</summary>
    public void Delivered(MemberLink link, ChunkRef chunk)
    {
        Store.Sent(Store.LengthOf(chunk));
        if (link.TryTakeSent(out ChunkRef sent) && !_loop.TryPost(new SwarmTrackerEvent.ChunkSent(link.Id, sent)))
        {
            link.PutBack(sent);
        }
    }

    private async ValueTask<bool> ReceiveAsync(MemberLink link, CancellationToken cancellationToken)
    {
        Received<MemberMessage> received = await link.Connection.ReceiveAsync(cancellationToken);
        SwarmTrackerEvent? @event = null;
        switch (received.Kind)
        {
            case ReceivedKind.Message:
                _metrics.Received();
                @event = new SwarmTrackerEvent.FromMember(link.Id, received.Message!);
                break;
            case ReceivedKind.Chunk:
                @event = await link.ReceiveChunkAsync(
                    received.Chunk, _manifests.GetValueOrDefault(received.Chunk.Chunk.Content), Store,
                    async () => await _loop.PostAsync(
                        new SwarmTrackerEvent.FromMember(link.Id, new MemberMessage.Alive()), cancellationToken),
                    cancellationToken);
                break;
            default:
                return false;
        }

        if (@event is not null)
        {
            await _loop.PostAsync(@event, cancellationToken);
        }

        return true;
    }

    private ValueTask Handle(SwarmTrackerEvent @event)
    {
        // Here, where messages of all members are in their order: what is said after this line is heard after it.
        if (@event is SwarmTrackerEvent.FromMember heard)
        {
            _teller.Received(heard.Link, heard.Message);
        }

        Apply(@event);
        if (@event is SwarmTrackerEvent.FromMember { Message: MemberMessage.Describe describe })
        {
            Remember(describe);
        }
        else if (@event is SwarmTrackerEvent.Tick)
        {
            foreach (MemberLink link in _links.Values)
            {
                while (link.TryTakeSent(out ChunkRef chunk))
                {
                    Apply(new SwarmTrackerEvent.ChunkSent(link.Id, chunk));
                }
            }
        }

        if (_guests is null)
        {
            return ValueTask.CompletedTask;
        }

        if (@event is SwarmTrackerEvent.FromMember said
            && !_effects.Exists(effect => effect is SwarmTrackerEffect.Disconnect gone && gone.Link == said.Link))
        {
            _guests.Said(said.Link, said.Message, _manifests);
        }

        return _guests.HasNews ? _guests.TellAsync() : ValueTask.CompletedTask;
    }

    private void Remember(MemberMessage.Describe describe)
    {
        foreach (Manifest manifest in describe.Manifests)
        {
            if (_manifests.Count < SwarmTracker.MostContents)
            {
                _manifests.TryAdd(manifest.Id, manifest);
            }
        }
    }

    private void Apply(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _machine(_loop.Now, @event, _effects);
        foreach (SwarmTrackerEffect effect in _effects)
        {
            Carry(@event, effect);
        }
    }

    private void Carry(SwarmTrackerEvent cause, SwarmTrackerEffect effect)
    {
        switch (effect)
        {
            case SwarmTrackerEffect.ToMember to when _links.TryGetValue(to.Link, out MemberLink? link):
                link.Send(to.Message);
                _teller.Sent(to.Link, to.Message);
                break;
            case SwarmTrackerEffect.SendChunk send when _links.TryGetValue(send.Link, out MemberLink? link):
                link.Deliver(send.Chunk, Store.LengthOf(send.Chunk));
                break;
            case SwarmTrackerEffect.Release release:
                Store.Release(release.Chunk);
                break;
            case SwarmTrackerEffect.Disconnect gone
                when _links.TryGetValue(gone.Link, out MemberLink? link) && !link.IsParting:
                link.IsParting = true;
                if (gone.IsFault)
                {
                    _teller.Disconnected(link.Connection.Remote, gone.Reason);
                }

                _tasks.Run(
                    () => link.Connection.CloseAsync(gone.Reason, _options.CloseLimit, CancellationToken.None));
                break;
            case SwarmTrackerEffect.Started started:
                _teller.Started(started.Members);
                break;
            case SwarmTrackerEffect.Finished finished:
                _teller.Finished(finished.Report, _loop.Now);
                break;
            case SwarmTrackerEffect.Ended:
                _teller.Ended(Store.BytesIn, Store.BytesOut);
                Store.Clear();
                break;
            case SwarmTrackerEffect.Tell tell:
                List(cause, tell.Note);
                _teller.Tell(tell.Note);
                break;
            default:
                break;
        }
    }

    private void List(SwarmTrackerEvent cause, SwarmNote note)
    {
        if (note is SwarmNote.MemberJoined joined && cause is SwarmTrackerEvent.FromMember said
            && _links.TryGetValue(said.Link, out MemberLink? link))
        {
            _guests?.Joined(joined.Member, link);
        }
        else if (note is SwarmNote.MemberGone gone)
        {
            _guests?.Gone(gone.Member.Id);
        }
    }
}
