using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// What origin, edge and client have alike: an open folder, a loop with its tasks, and connections that come from a
/// door or are dialled.
/// </summary>
internal sealed class TierShell : IDisposable
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);

    private readonly TierHostOptions _options;
    private readonly ITransport _transport;
    private readonly HandshakeOptions _handshake;
    private readonly Dialer _dialer;
    private readonly ConnectionOptions _connectionOptions;
    private readonly CancellationTokenSource _stopping = new();
    private TimeSpan _aliveAt;

    public TierShell(
        TierHostOptions options, SwarmFolder folder, ITransport transport, TimeProvider time, ILogger log,
        Action<Exception> failed)
    {
        _options = options;
        _transport = transport;
        Folder = folder;
        Time = time;
        Log = log;
        Loop = new HostLoop<TierHostEvent>(time);
        Tasks = new TaskScope(failed);
        _handshake = HandshakeOptions.BetweenPeers(options.Key, time);
        _dialer = new Dialer(transport, _handshake);
        _connectionOptions = new ConnectionOptions { SilenceLimit = options.Silence, Time = time };
    }

    public SwarmFolder Folder { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public HostLoop<TierHostEvent> Loop { get; }

    public TaskScope Tasks { get; }

    /// <summary>Where chunks land that were asked for and are not to be kept.</summary>
    public EdgeLanding Landing { get; } = new();

    /// <summary>Ends all that the host has begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Listens, and lets those in who introduce themselves.</summary>
    /// <exception cref="HostException">It cannot be listened there.</exception>
    public async Task<Door> OpenDoorAsync(CancellationToken cancellationToken)
    {
        try
        {
            ITransportListener listener = await _transport.ListenAsync(_options.Listen, cancellationToken);
            var door = new Door(listener, new DoorOptions
            {
                Handshake = _handshake,
                Refused = (address, reason) => Log.Refused(address.ToString(), reason),
            });
            Tasks.Run(() => Tasks.ServeAllAsync(door, WelcomeAsync, Stopping));
            Log.Listening(door.Local.ToString(), Folder.Peer.ToString());
            return door;
        }
        catch (IOException e)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>Where others can dial a door.</summary>
    public ImmutableArray<string> AddressesOf(Door door) =>
    [
        .. LocalAddresses.For(door.Local, _options.Hub, _options.Advertise).Select(address => address.ToString()),
    ];

    /// <summary>Dials a member at the first of its addresses that answers; null: none did.</summary>
    public async Task<TierLink?> DialAsync(
        PeerId peer, ImmutableArray<string> endpoints, CancellationToken cancellationToken)
    {
        foreach (string address in endpoints)
        {
            if (!EndpointText.TryParse(address, null, out EndpointText endpoint))
            {
                continue;
            }

            DialResult dialled = await _dialer.DialAsync(endpoint, cancellationToken);
            if (dialled is DialResult.Connected connected
                && await MeetAsync(connected.Connection, connection => PeerGreeting.InitiateAsync(
                    connection, new PeerIntroduction(_options.Swarm, Folder.Peer, peer), _handshake,
                    cancellationToken)) is { } link)
            {
                return link;
            }

            Log.DialFailed(peer.Brief, (dialled as DialResult.Failed)?.Reason ?? "it is somebody else");
        }

        return null;
    }

    /// <summary>Says now and then on every connection that one is there; from the loop, at every tick.</summary>
    public void SayAlive(IEnumerable<TierLink> links)
    {
        if (Loop.Now - _aliveAt < AliveInterval)
        {
            return;
        }

        _aliveAt = Loop.Now;
        foreach (TierLink link in links)
        {
            link.Send(new PeerMessage.Alive());
        }
    }

    /// <summary>Runs the loop until the host has its result, then closes what is still open.</summary>
    /// <param name="handle">Handles an event.</param>
    /// <param name="ended">The result.</param>
    /// <param name="links">The connections that are up in the end.</param>
    /// <param name="door">The door; null: there is none.</param>
    public async Task<T> RunAsync<T>(
        Func<TierHostEvent, ValueTask> handle, Task<T> ended, Func<IEnumerable<TierLink>> links, Door? door)
    {
        Task looping = Loop.RunAsync(handle, new TierHostEvent.Tick());
        Tasks.Run(() => looping);
        try
        {
            return await ended;
        }
        finally
        {
            if (door is not null)
            {
                await door.DisposeAsync();
            }

            TierLink[] open = await LookAsync(links, looping);
            await Task.WhenAll(open.Select(link => link.CloseAsync("finished", _options.CloseLimit)));
            await _stopping.CancelAsync();
            Loop.Complete();
            await Tasks.WhenAllEndedAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    // The links are the loop's own, unless it has ended by a fault.
    private async Task<TierLink[]> LookAsync(Func<IEnumerable<TierLink>> links, Task looping)
    {
        var seen = new TaskCompletionSource<TierLink[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Loop.PostAsync(TierHostEvent.Work.Of(() => seen.TrySetResult([.. links()])), CancellationToken.None);
        await Task.WhenAny(seen.Task, looping);
        return seen.Task.IsCompletedSuccessfully ? await seen.Task : [.. links()];
    }

    private Task WelcomeAsync(TransportConnection connection) => MeetAsync(connection, accepted =>
        PeerGreeting.RespondAsync(accepted, _options.Swarm, Folder.Peer, _handshake, Stopping));

    private async Task<TierLink?> MeetAsync(
        TransportConnection connection, Func<TransportConnection, ValueTask<GreetingResult>> greet)
    {
        TierLink? link = await Meeting.GreetAsync(
            connection, greet,
            peer => new TierLink(peer, connection, _connectionOptions, Loop, Folder, Landing, Log),
            reason => Log.Refused(connection.Remote.ToString(), reason));
        if (link is not null)
        {
            Tasks.Run(() => link.RunAsync(Stopping));
        }

        return link;
    }
}
