using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
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
    private readonly ConcurrentDictionary<string, HostedSwarm> _swarms = new();
    private readonly ConcurrentDictionary<FrameConnection<MemberMessage, HubMessage>, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _start;
    private long _lastLink;

    private HubHost(HubOptions options, ITransportListener listener, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _start = time.GetTimestamp();
        _log = log;
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
    public int OpenConnections => _connections.Count;

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

    /// <summary>Serves until it is told to stop; then says goodbye to everybody.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _door.AcceptAsync(cancellationToken) is { } connection)
            {
                _tasks.Run(() => MeetAsync(connection));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The normal end.
        }

        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _log.Stopping("in_progress");
        await _door.DisposeAsync();
        await Task.WhenAll(_connections.Keys.Select(
            connection => connection.CloseAsync("the hub stops", _options.CloseLimit, CancellationToken.None)));
        await _stopping.CancelAsync();
        foreach (HostedSwarm swarm in _swarms.Values)
        {
            Forget(swarm);
        }

        await _tasks.WhenAllEndedAsync();
        _log.Stopping("success");
    }

    private async Task MeetAsync(TransportConnection transport)
    {
        var connection = new FrameConnection<MemberMessage, HubMessage>(
            transport, new HubSide(), new ConnectionOptions { Time = _time });
        await using (connection)
        {
            _connections[connection] = 0;
            try
            {
                if (await ReceiveJoinAsync(connection) is not { } join)
                {
                    return;
                }

                if (Enter(join.Swarm) is not { } swarm)
                {
                    string reason = $"the hub has {_options.MostSwarms} swarms already";
                    connection.Send(new HubMessage.Refuse(reason));
                    _log.Refused(connection.Remote.ToString(), reason);
                    await connection.CloseAsync(reason, _options.CloseLimit, _stopping.Token);
                }
                else
                {
                    var link = new LinkId(Interlocked.Increment(ref _lastLink));
                    await swarm.ServeAsync(link, join, connection, _stopping.Token);
                    Forget(swarm);
                    if (connection.End is { Cause: not (EndCause.ClosedHere or EndCause.ClosedThere) } end)
                    {
                        _log.Disconnected(swarm.Name, connection.Remote.ToString(), end.Reason);
                    }
                }
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }

    private async Task<MemberMessage.Join?> ReceiveJoinAsync(FrameConnection<MemberMessage, HubMessage> connection)
    {
        using var limit = new CancellationTokenSource(_options.JoinLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            Received<MemberMessage> first = await connection.ReceiveAsync(either.Token);
            if (first.Message is MemberMessage.Join join)
            {
                return join;
            }

            _log.Refused(connection.Remote.ToString(), connection.End?.Reason ?? "the first message was not a join");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
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

            var swarm = new HostedSwarm(name, _options, _time, _start, _tasks, _log);
            if (_swarms.TryAdd(name, swarm))
            {
                _tasks.Run(swarm.RunAsync);
            }
        }
    }

    private void Forget(HostedSwarm swarm)
    {
        if (swarm.TryClose())
        {
            _swarms.TryRemove(new KeyValuePair<string, HostedSwarm>(swarm.Name, swarm));
        }
    }
}
