using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// A peer's connections with others: one to each, the newest that was introduced. Those whom the machine wants are
/// dialled again with backoff until it wants them no longer.
/// </summary>
internal sealed class PeerLinks
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly PeerOptions _options;
    private readonly SwarmFolder _folder;
    private readonly HostLoop<PeerHostEvent> _loop;
    private readonly TaskScope _tasks;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationToken _stopping;
    private readonly HandshakeOptions _handshake;
    private readonly Dialer _dialer;
    private readonly ConnectionOptions _connectionOptions;

    // Changed by the loop only; read by whoever closes everything at the end.
    private readonly ConcurrentDictionary<PeerId, PeerLink> _current = new();
    private readonly Dictionary<PeerId, Dialling> _wanted = [];

    private sealed record Dialling(Member Member, CancellationTokenSource Stop);

    public PeerLinks(
        PeerOptions options, SwarmFolder folder, ITransport transport, HostLoop<PeerHostEvent> loop, TaskScope tasks,
        TimeProvider time, ILogger log, CancellationToken stopping)
    {
        _options = options;
        _folder = folder;
        _loop = loop;
        _tasks = tasks;
        _time = time;
        _log = log;
        _stopping = stopping;
        _handshake = new HandshakeOptions
        {
            Role = EndRole.Peer, Expected = EndRole.Peer, Key = options.Key, Time = time,
        };
        _dialer = new Dialer(transport, _handshake);
        _connectionOptions = new ConnectionOptions
        {
            Up = options.UpLimit is { } up ? new RateLimit(up, time) : null,
            Down = options.DownLimit is { } down ? new RateLimit(down, time) : null,
            Time = time,
        };
    }

    public IEnumerable<PeerLink> Current => _current.Values;

    public bool IsCurrent(PeerLink link) => _current.GetValueOrDefault(link.Peer) == link;

    public void Send(PeerId peer, PeerMessage message)
    {
        if (_current.TryGetValue(peer, out PeerLink? link))
        {
            link.Send(message);
            if (_log.IsEnabled(LogLevel.Debug))
            {
                _log.Sent(peer.Brief, message.GetType().Name);
            }
        }
    }

    public void Upload(PeerId peer, ChunkRef chunk, int length)
    {
        if (_current.TryGetValue(peer, out PeerLink? link))
        {
            link.Upload(chunk, length);
        }
    }

    /// <summary>A connection is up; one that was there before gives way.</summary>
    public void Up(PeerLink link)
    {
        if (_current.TryGetValue(link.Peer, out PeerLink? older))
        {
            _tasks.Run(() => older.AbortAsync("replaced by a newer connection").AsTask());
        }

        _current[link.Peer] = link;
        _log.PeerUp(link.Peer.Brief, link.Remote.ToString());
        StopDialling(link.Peer, isWanted: true);
    }

    /// <summary>A connection is down; false if another one has taken its place.</summary>
    public bool Down(PeerLink link)
    {
        if (!IsCurrent(link))
        {
            return false;
        }

        _current.TryRemove(link.Peer, out _);
        if (_wanted.TryGetValue(link.Peer, out Dialling? dialling))
        {
            Dial(dialling.Member);
        }

        return true;
    }

    /// <summary>Dials a peer until it is connected or wanted no longer.</summary>
    public void Dial(Member member)
    {
        StopDialling(member.Id, isWanted: false);
        var dialling = new Dialling(member, CancellationTokenSource.CreateLinkedTokenSource(_stopping));
        _wanted[member.Id] = dialling;
        _tasks.Run(() => DialAsync(dialling));
    }

    public void Disconnect(PeerId peer, DisconnectReason reason)
    {
        StopDialling(peer, isWanted: false);
        if (_current.TryGetValue(peer, out PeerLink? link))
        {
            _tasks.Run(() => link.CloseAsync(Describe(reason), _options.CloseLimit));
        }
    }

    /// <summary>Lets those in who dial this peer.</summary>
    public async Task AcceptAllAsync(Door door)
    {
        while (await door.AcceptAsync(_stopping) is { } connection)
        {
            _tasks.Run(() => WelcomeAsync(connection));
        }
    }

    /// <summary>Closes everything; called when the loop's machine has ended.</summary>
    public Task CloseAllAsync() => Task.WhenAll(
        _current.Values.Select(link => link.CloseAsync("finished", _options.CloseLimit)));

    private void StopDialling(PeerId peer, bool isWanted)
    {
        if (_wanted.TryGetValue(peer, out Dialling? dialling))
        {
            dialling.Stop.Cancel();
            if (!isWanted)
            {
                _wanted.Remove(peer);
            }
        }
    }

    private async Task DialAsync(Dialling dialling)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        CancellationToken stop = dialling.Stop.Token;
        while (true)
        {
            foreach (string address in dialling.Member.Endpoints)
            {
                if (EndpointText.TryParse(address, null, out EndpointText endpoint)
                    && await TryConnectAsync(dialling.Member.Id, endpoint, stop))
                {
                    return;
                }
            }

            await Task.Delay(backoff.Next(), _time, stop);
        }
    }

    private async Task<bool> TryConnectAsync(PeerId peer, EndpointText endpoint, CancellationToken cancellationToken)
    {
        DialResult dialled = await _dialer.DialAsync(endpoint, cancellationToken);
        if (dialled is not DialResult.Connected connected)
        {
            _log.DialFailed(peer.Brief, (dialled as DialResult.Failed)?.Reason ?? "");
            return false;
        }

        var introduction = new PeerIntroduction(_options.Swarm, _folder.Peer, peer);
        return Serve(
            connected.Connection,
            await PeerGreeting.InitiateAsync(connected.Connection, introduction, _handshake, cancellationToken));
    }

    private async Task WelcomeAsync(TransportConnection connection) => Serve(
        connection,
        await PeerGreeting.RespondAsync(connection, _options.Swarm, _folder.Peer, _handshake, _stopping));

    private bool Serve(TransportConnection connection, GreetingResult greeting)
    {
        if (greeting is GreetingResult.Met met)
        {
            var link = new PeerLink(met.Peer, connection, _connectionOptions, _loop, _folder, _log);
            _tasks.Run(() => link.RunAsync(_stopping));
            return true;
        }

        _log.Refused(connection.Remote.ToString(), (greeting as GreetingResult.Mistaken)?.Reason ?? "");
        connection.Dispose();
        return false;
    }

    private static string Describe(DisconnectReason reason) => reason switch
    {
        DisconnectReason.NotNeeded => "not needed any more",
        DisconnectReason.CorruptChunks => "it sent corrupt chunks",
        DisconnectReason.WrongBitfield => "its bitfield has the wrong length",
        DisconnectReason.NoSuchChunk => "it named a chunk that does not exist",
        DisconnectReason.TooManyRequests => "it had too many requests open",
        DisconnectReason.Silent => "it said nothing for too long",
        DisconnectReason.ProtocolError => "it broke the protocol",
        _ => "finished",
    };
}
