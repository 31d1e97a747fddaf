using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
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
    private readonly PeerOptions _options;
    private readonly SwarmFolder _folder;
    private readonly Arrivals _arrivals;
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
    private readonly Dictionary<PeerId, Wanted> _wanted = [];

    /// <summary>A peer that is to be connected: dialled when it is not.</summary>
    private sealed class Wanted(PeerDialing dialing)
    {
        public required Member Member { get; set; }

        public PeerDialing Dialing { get; } = dialing;
    }

    public PeerLinks(
        PeerOptions options, SwarmFolder folder, Arrivals arrivals, ITransport transport,
        HostLoop<PeerHostEvent> loop, TaskScope tasks, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        _options = options;
        _folder = folder;
        _arrivals = arrivals;
        _loop = loop;
        _tasks = tasks;
        _time = time;
        _log = log;
        _stopping = stopping;
        _handshake = HandshakeOptions.BetweenPeers(options.Key, time);
        _dialer = new Dialer(transport, _handshake);
        _connectionOptions = new ConnectionOptions
        {
            Up = PeerPace.Of(options, time),
            Down = options.DownLimit is { } down ? new RateLimit(down, time) : null,
            SilenceLimit = options.Silence,
            Time = time,
        };
    }

    /// <summary>What connections may use: the limits are for all of them together, the hub's included.</summary>
    public ConnectionOptions Limits => _connectionOptions;

    public IEnumerable<PeerLink> Current => _current.Values;

    public bool IsCurrent(PeerLink link) => _current.GetValueOrDefault(link.Peer) == link;

    /// <summary>Whether these are the chunks of a connection whose place no other one has taken.</summary>
    public bool IsCurrent(LinkChunks chunks) => _current.GetValueOrDefault(chunks.Peer)?.Chunks == chunks;

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
        link.UpSince = _loop.Now;
        _log.PeerUp(link.Peer.Brief, _arrivals.NameOf(link.Peer), link.Remote.ToString());
        if (_wanted.TryGetValue(link.Peer, out Wanted? wanted))
        {
            wanted.Dialing.Stop();
        }
    }

    /// <summary>A connection is down; false if another one has taken its place.</summary>
    public bool Down(PeerLink link)
    {
        bool isCurrent = IsCurrent(link);
        if (link.IsAtFault)
        {
            _log.PeerAtFault(link.Peer.Brief, _arrivals.NameOf(link.Peer), link.EndReason);
        }
        else
        {
            _log.PeerDown(link.Peer.Brief, _arrivals.NameOf(link.Peer), link.EndReason);
        }

        if (isCurrent)
        {
            _current.TryRemove(link.Peer, out _);
            if (_wanted.TryGetValue(link.Peer, out Wanted? wanted))
            {
                Member member = wanted.Member;
                wanted.Dialing.BeginAgain(stop => ConnectAsync(member, stop), _loop.Now - link.UpSince);
            }
        }

        return isCurrent;
    }

    /// <summary>Dials a peer until it is connected or wanted no longer.</summary>
    public void Dial(Member member)
    {
        if (_wanted.TryGetValue(member.Id, out Wanted? wanted))
        {
            wanted.Member = member;
        }
        else
        {
            wanted = new Wanted(new PeerDialing(_tasks, _time, _stopping)) { Member = member };
            _wanted.Add(member.Id, wanted);
        }

        wanted.Dialing.Begin(stop => ConnectAsync(member, stop));
    }

    /// <summary>A member is here (again), and may listen elsewhere than before.</summary>
    public void Update(Member member)
    {
        if (_wanted.TryGetValue(member.Id, out Wanted? wanted))
        {
            wanted.Member = member;
            if (wanted.Dialing.IsUnderWay)
            {
                wanted.Dialing.Begin(stop => ConnectAsync(member, stop));
            }
        }
    }

    public void Disconnect(PeerId peer, DisconnectReason reason)
    {
        if (_wanted.Remove(peer, out Wanted? wanted))
        {
            wanted.Dialing.Stop();
        }

        if (_current.TryGetValue(peer, out PeerLink? link))
        {
            _tasks.Run(() => reason is DisconnectReason.NotNeeded or DisconnectReason.Finished
                ? link.CloseAsync(Describe(reason), _options.CloseLimit)
                : link.BlameAsync(Describe(reason)).AsTask());
        }
    }

    /// <summary>Lets those in who dial this peer.</summary>
    public Task WelcomeAllAsync(IDoor door) => _tasks.ServeAllAsync(door, WelcomeAsync, _stopping);

    /// <summary>Closes everything; called when the loop's machine has ended.</summary>
    public Task CloseAllAsync() => Task.WhenAll(
        _current.Values.Select(link => link.CloseAsync("finished", _options.CloseLimit)));

    private async Task<bool> ConnectAsync(Member member, CancellationToken cancellationToken)
    {
        foreach (string address in member.Endpoints)
        {
            if (EndpointText.TryParse(address, null, out EndpointText endpoint)
                && await TryConnectAsync(member.Id, endpoint, cancellationToken))
            {
                return true;
            }
        }

        await _loop.PostAsync(
            new PeerHostEvent.Fact(new SwarmPeerEvent.DialFailed(member.Id)), cancellationToken);
        return false;
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
        return await MeetAsync(connected.Connection, connection =>
            PeerGreeting.InitiateAsync(connection, introduction, _handshake, cancellationToken));
    }

    private Task<bool> WelcomeAsync(TransportConnection connection) => MeetAsync(connection, accepted =>
        PeerGreeting.RespondAsync(accepted, _options.Swarm, _folder.Peer, _handshake, _stopping));

    private async Task<bool> MeetAsync(
        TransportConnection connection, Func<TransportConnection, ValueTask<GreetingResult>> greet)
    {
        PeerLink? link = await Meeting.GreetAsync(
            connection, greet,
            peer => new PeerLink(peer, connection, _connectionOptions, _loop, _folder, _log),
            reason => _log.Refused(connection.Remote.ToString(), reason));
        if (link is null)
        {
            return false;
        }

        _tasks.Run(() => link.RunAsync(_stopping));
        return true;
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
