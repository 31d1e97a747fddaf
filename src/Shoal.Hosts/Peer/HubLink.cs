using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// A peer's connection with the hub: dials, and dials again with backoff for as long as the peer runs.
/// </summary>
internal sealed class HubLink(
    PeerOptions options, SwarmFolder folder, ITransport transport, ConnectionOptions limits,
    HostLoop<PeerHostEvent> loop, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Dialer _dialer = new(transport, new HandshakeOptions
    {
        Role = EndRole.Member, Expected = EndRole.Hub, Key = options.Key, Time = time,
    });

    private FrameConnection<HubMessage, MemberMessage>? _connection;
    private LinkChunks? _chunks;
    private volatile bool _isLeaving;

    /// <summary>The chunks on the connection that is up; null: none is.</summary>
    public LinkChunks? Chunks => Volatile.Read(ref _chunks);

    /// <summary>Queues a message; dropped while there is no connection.</summary>
    public void Send(MemberMessage message)
    {
        // The hub hangs up at once on whoever leaves, which is no reason to dial it again.
        _isLeaving |= message is MemberMessage.Leave;
        Volatile.Read(ref _connection)?.Send(message);
    }

    /// <summary>Sends a chunk that the relay asked for.</summary>
    public void Upload(ChunkRef chunk, int length) =>
        Volatile.Read(ref _connection)?.Upload(new ChunkHeader(chunk, length));

    /// <summary>Says what is queued, then closes.</summary>
    public Task CloseAsync()
    {
        _isLeaving = true;
        return Volatile.Read(ref _connection)?.CloseAsync("left", options.CloseLimit, CancellationToken.None)
            ?? Task.CompletedTask;
    }

    /// <summary>Keeps the connection until it is told to stop.</summary>
    /// <exception cref="PeerException">The hub will not talk to this peer: the key or the version is wrong.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        string? known = null;
        while (!_isLeaving && !cancellationToken.IsCancellationRequested)
        {
            DialResult dialled = await _dialer.DialAsync(options.Hub, cancellationToken);
            if (dialled is DialResult.Connected connected)
            {
                log.HubUp(options.Hub.ToString());
                known = null;
                long began = time.GetTimestamp();
                string reason = await ConverseAsync(connected.Connection, cancellationToken);
                if (_isLeaving)
                {
                    log.HubLeft(options.Hub.ToString());
                    return;
                }

                // A hub that hangs up on everybody must not be dialled all the time.
                if (time.GetElapsedTime(began) > LongestPause)
                {
                    backoff.Reset();
                }

                log.HubLost(options.Hub.ToString(), reason);
            }
            else if (dialled is DialResult.Failed failed)
            {
                if (failed.Refusal is { } refusal && refusal.IsFinal())
                {
                    throw new PeerException(failed.Reason);
                }

                // A hub that starts later is nothing unusual: a line says so, not one every few seconds.
                if (failed.Reason == known)
                {
                    log.HubStillDown(options.Hub, failed.Reason);
                }
                else
                {
                    log.HubDown(options.Hub, failed.Reason);
                    known = failed.Reason;
                }
            }

            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    private async Task<string> ConverseAsync(
        TransportConnection transportConnection, CancellationToken cancellationToken)
    {
        var chunks = new LinkChunks(PeerId.Relay, "hub", loop, folder, log);
        var connection = new FrameConnection<HubMessage, MemberMessage>(
            transportConnection, new MemberSide(), limits with { SilenceLimit = options.Silence }, chunks);
        await using (connection)
        {
            Volatile.Write(ref _connection, connection);
            Volatile.Write(ref _chunks, chunks);
            try
            {
                await loop.PostAsync(new PeerHostEvent.HubUp(), cancellationToken);
                while (await connection.ReceiveAsync(cancellationToken) is { Kind: not ReceivedKind.End } received)
                {
                    SwarmPeerEvent? fact = received.Kind == ReceivedKind.Chunk
                        ? await chunks.ReceiveAsync(connection, received.Chunk, cancellationToken)
                        : Heard(received.Message!);
                    if (fact is not null)
                    {
                        await loop.PostAsync(new PeerHostEvent.Fact(fact), cancellationToken);
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _connection, null);
                Volatile.Write(ref _chunks, null);
                await loop.PostAsync(
                    new PeerHostEvent.Fact(new SwarmPeerEvent.HubLost()), CancellationToken.None);
            }
        }

        return connection.End?.Reason ?? "closed";
    }

    private SwarmPeerEvent.FromHub Heard(HubMessage message)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Received("hub", message.GetType().Name);
        }

        return new SwarmPeerEvent.FromHub(message);
    }
}
