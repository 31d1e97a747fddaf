using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Hub;

/// <summary>The hub on sockets: lets members in and brings each to its swarm.</summary>
public sealed class HubHost : IAsyncDisposable
{
    private readonly HubOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Door _door;
    private readonly TaskScope _tasks;
    private readonly HubMetrics _metrics;
    private readonly ConcurrentDictionary<string, HostedSwarm> _swarms = new();
    private readonly ConcurrentDictionary<LinkId, MemberLink> _links = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConnectionOptions _connectionOptions;
    private readonly long _start;
    private HubOffers? _offers;
    private HubGuests? _guests;
    private long _lastLink;

    private HubHost(HubOptions options, ITransportListener listener, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _start = time.GetTimestamp();
        _log = log;
        _metrics = new HubMetrics(options.Meters);
        _connectionOptions = new ConnectionOptions
        {
            Up = options.LentRate is { } lent ? new RateLimit(lent, time) : null,
            Time = time,
        };
        _tasks = new TaskScope(e => log.Failed(e.ToString()));
        _door = new Door(listener, new DoorOptions
        {
            Handshake = new HandshakeOptions
            {
                Role = EndRole.Hub, Expected = EndRole.Member, Key = options.Key, Time = time,
            },
            MostConnections = options.MostConnections,
            Refused = (address, reason) => log.Refused(address.ToString(), reason),
        });
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address => _door.Local;

    /// <summary>Members' connections that are open now.</summary>
    public int OpenConnections => _links.Count;

    /// <summary>Opens a hub's door over TCP.</summary>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    public static Task<HubHost> OpenAsync(
        HubOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken) =>
        OpenAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, cancellationToken);

    /// <summary>Opens a hub's door.</summary>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    public static async Task<HubHost> OpenAsync(
        HubOptions options, ITransport transport, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        ITransportListener listener = await transport.ListenAsync(options.Listen, cancellationToken);
        var host = new HubHost(options, listener, time, log);
        log.Listening(host.Address.ToString(), options.Key is null ? "open" : "required");
        return host;
    }

    /// <summary>
    /// Serves the users of a directory too, from now on: they say here what they offer, and find here who else has it;
    /// and the members of swarms are its guests. A hub that keeps the system clock has no offers, one with a key no
    /// guests: a directory asks nobody for a key.
    /// </summary>
    /// <param name="whereIs">
    /// Asks the directory where a user's machine listens; null: the user is not connected.
    /// </param>
    /// <param name="tell">Tells the directory of guests.</param>
    public void Serve(
        Func<string, CancellationToken, ValueTask<EndpointText?>> whereIs, Func<UserDirectoryEvent, ValueTask> tell)
    {
        if (_options.Clock is null)
        {
            var book = new OfferBook(_options.Lease);
            _offers = new HubOffers(
                Host(HubOffers.Name, book.Apply, null), whereIs, _options.CloseLimit, _tasks, _log);
        }

        if (_options.Key is null)
        {
            _guests = new HubGuests(tell);
            _tasks.Run(_guests.RunAsync);
        }
    }

    /// <summary>The directory that it serves has changed.</summary>
    public ValueTask NoteAsync(DirectoryChange change) =>
        _offers?.NoteAsync(change, guest => _links.GetValueOrDefault(new LinkId(guest.Value)))
        ?? ValueTask.CompletedTask;

    /// <summary>Serves until it is told to stop; then says goodbye to everybody.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _tasks.ServeAllAsync(_door, MeetAsync, cancellationToken);
        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _metrics.Dispose();
    }

    private async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _log.Stopping("in_progress");
        await _door.DisposeAsync();
        await Task.WhenAll(_links.Values.Select(
            link => link.Connection.CloseAsync("the hub stops", _options.CloseLimit, CancellationToken.None)));
        await _stopping.CancelAsync();
        foreach (HostedSwarm swarm in _swarms.Values)
        {
            Forget(swarm);
        }

        _offers?.Close();
        _guests?.Complete();
        await _tasks.WhenAllEndedAsync();
        _log.Stopping("success");
    }

    private async Task MeetAsync(TransportConnection transport)
    {
        var link = new MemberLink(NextLink(), transport, _connectionOptions);
        await using (link)
        {
            FrameConnection<MemberMessage, HubMessage> connection = link.Connection;
            _links[link.Id] = link;
            try
            {
                switch (await ReceiveFirstAsync(connection))
                {
                    case MemberMessage.Join join:
                        await ServeAsync(join, link);
                        break;
                    case MemberMessage.Look look:
                        await ShowAsync(look, link);
                        break;
                    case (MemberMessage.Enlist or MemberMessage.Seek) and var first when _offers is { } offers:
                        await offers.ServeAsync(link, first, _stopping.Token);
                        break;
                    default:
                        break;
                }
            }
            finally
            {
                _links.TryRemove(link.Id, out _);
            }
        }
    }

    private async Task ServeAsync(MemberMessage.Join join, MemberLink link)
    {
        FrameConnection<MemberMessage, HubMessage> connection = link.Connection;
        if (Enter(join.Swarm) is not { } swarm)
        {
            string reason = $"the hub has {_options.MostSwarms} swarms already";
            connection.Send(new HubMessage.Refuse(reason));
            _log.Refused(connection.Remote.ToString(), reason);
            await connection.CloseAsync(reason, _options.CloseLimit, _stopping.Token);
            return;
        }

        await swarm.ServeAsync(link, join, _stopping.Token);
        Forget(swarm);
        if (connection.End is { Cause: not (EndCause.ClosedHere or EndCause.ClosedThere) } end)
        {
            _log.Disconnected(swarm.Name, connection.Remote.ToString(), end.Reason);
            _metrics.Disconnected();
        }
    }

    /// <summary>Shows a swarm to somebody who does not join it; one that is not there has nothing to show.</summary>
    private async Task ShowAsync(MemberMessage.Look look, MemberLink link)
    {
        FrameConnection<MemberMessage, HubMessage> connection = link.Connection;
        _log.Looked(look.Swarm, connection.Remote.ToString());
        if (!_swarms.TryGetValue(look.Swarm, out HostedSwarm? swarm) || !swarm.TryEnter())
        {
            connection.Send(new HubMessage.Seen());
            await connection.CloseAsync("seen", _options.CloseLimit, _stopping.Token);
            return;
        }

        using var limit = new Deadline(_options.LookLimit, _time, _stopping.Token);
        try
        {
            await swarm.ServeAsync(link, look, limit.Token);
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            _log.Disconnected(swarm.Name, connection.Remote.ToString(), "it looked for too long");
        }
        finally
        {
            Forget(swarm);
        }
    }

    private LinkId NextLink() => new(Interlocked.Increment(ref _lastLink));

    private async Task<MemberMessage?> ReceiveFirstAsync(FrameConnection<MemberMessage, HubMessage> connection)
    {
        using var limit = new Deadline(_options.JoinLimit, _time, _stopping.Token);
        try
        {
            Received<MemberMessage> first = await connection.ReceiveAsync(limit.Token);
            if (first.Message is MemberMessage.Join or MemberMessage.Look
                || (first.Message is MemberMessage.Enlist or MemberMessage.Seek && _offers is not null))
            {
                return first.Message;
            }

            _log.Refused(connection.Remote.ToString(), connection.End?.Reason ?? "the first message was not a join");
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            _log.Refused(connection.Remote.ToString(), "it said nothing after its hello");
        }

        return null;
    }

    /// <summary>Finds or makes the swarm and counts the connection in; null: there are too many.</summary>
    private HostedSwarm? Enter(string name)
    {
        while (true)
        {
            if (_swarms.TryGetValue(name, out HostedSwarm? known))
            {
                if (known.TryEnter())
                {
                    return known;
                }

                _swarms.TryRemove(new KeyValuePair<string, HostedSwarm>(name, known));
                continue;
            }

            if (_swarms.Count >= _options.MostSwarms)
            {
                return null;
            }

            HostedSwarm swarm = Host(name, HostedSwarm.MachineOf(name, _options), _guests?.Of(name));
            if (_swarms.TryAdd(name, swarm))
            {
                _metrics.SwarmBegan();
                _tasks.Run(swarm.RunAsync);
            }
        }
    }

    private HostedSwarm Host(
        string name, Action<TimeSpan, SwarmTrackerEvent, IList<SwarmTrackerEffect>> machine, SwarmGuests? guests) =>
        new(name, machine, _options, _time, _start, _tasks, _metrics, _log, guests);

    private void Forget(HostedSwarm swarm)
    {
        if (swarm.TryClose())
        {
            _metrics.SwarmEnded();
            _swarms.TryRemove(new KeyValuePair<string, HostedSwarm>(swarm.Name, swarm));
        }
    }
}
