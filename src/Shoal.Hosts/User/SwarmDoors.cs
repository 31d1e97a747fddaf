using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.User;

/// <summary>
/// The doors of all swarms that a user's machine is in, at the one port where it listens: whoever begins with a hello
/// is let in here, and brought to the swarm that it looks for; all others come to <see cref="Plain"/>.
/// </summary>
internal sealed class SwarmDoors : IAsyncDisposable
{
    /// <summary>Connections that wait to be let in, or to be met in a swarm; one more is closed.</summary>
    private const int MostWaiting = 256;

    private readonly HandshakeOptions _handshake;
    private readonly ILogger _log;
    private readonly Door _door;
    private readonly ConcurrentDictionary<string, HandedListener> _swarms = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskScope _tasks;

    public SwarmDoors(ITransportListener listener, UserOptions options, TimeProvider time, ILogger log)
    {
        _log = log;
        _handshake = HandshakeOptions.BetweenPeers(options.Key, time);
        _tasks = new TaskScope(e => log.FileServingFailed(e.ToString()));
        Plain = new HandedListener(listener.Local, MostWaiting);
        _door = new Door(listener, new DoorOptions
        {
            Handshake = _handshake,
            MostConnections = options.MostConnections,
            Other = Plain.Hand,
            Refused = (address, reason) => log.Refused(address.ToString(), reason),
        });
        _tasks.Run(() => _tasks.ServeAllAsync(_door, BringAsync, _stopping.Token));
    }

    /// <summary>Where they are.</summary>
    public EndpointText Local => _door.Local;

    /// <summary>Those who begin with anything but a hello.</summary>
    public HandedListener Plain { get; }

    /// <summary>Opens the door of a swarm, until it is disposed of.</summary>
    public IDoor Open(string swarm)
    {
        var listener = new HandedListener(Local, MostWaiting);
        _swarms[swarm] = listener;
        return new SwarmDoor(this, swarm, listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _door.DisposeAsync();
        await _tasks.WhenAllEndedAsync();
        _stopping.Dispose();
    }

    private async Task BringAsync(TransportConnection connection)
    {
        bool isBrought = false;
        try
        {
            GreetingResult look = await PeerGreeting.LookAsync(connection, _handshake, _stopping.Token);
            if (look is GreetingResult.Awaited greeting && _swarms.TryGetValue(greeting.Swarm, out var swarm))
            {
                isBrought = true;
                swarm.Hand(greeting.Connection);
                return;
            }

            string reason = look switch
            {
                GreetingResult.Awaited other => $"the other end looks for the swarm {other.Swarm}",
                GreetingResult.Mistaken mistaken => mistaken.Reason,
                _ => throw new UnreachableException(),
            };
            _log.Refused(connection.Remote.ToString(), reason);
        }
        finally
        {
            if (!isBrought)
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>The door of one swarm.</summary>
    private sealed class SwarmDoor(SwarmDoors doors, string swarm, HandedListener listener) : IDoor
    {
        public EndpointText Local => listener.Local;

        public ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            listener.AcceptAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            doors._swarms.TryRemove(new KeyValuePair<string, HandedListener>(swarm, listener));
            return listener.DisposeAsync();
        }
    }
}
