using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Peer;

/// <summary>
/// A peer's connection with the hub: dials, and dials again with backoff for as long as the peer runs.
/// </summary>
internal sealed class HubLink(
    PeerOptions options, ITransport transport, HostLoop<PeerHostEvent> loop, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Dialer _dialer = new(transport, new HandshakeOptions
    {
        Role = EndRole.Member, Expected = EndRole.Hub, Key = options.Key, Time = time,
    });

    private FrameConnection<HubMessage, MemberMessage>? _connection;
    private volatile bool _isLeaving;

    /// <summary>Queues a message; dropped while there is no connection.</summary>
    public void Send(MemberMessage message) => Volatile.Read(ref _connection)?.Send(message);

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
        while (!_isLeaving && !cancellationToken.IsCancellationRequested)
        {
            DialResult dialled = await _dialer.DialAsync(options.Hub, cancellationToken);
            if (dialled is DialResult.Connected connected)
            {
                log.HubUp(options.Hub.ToString());
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
                if (failed.Refusal is { } refusal && IsFinal(refusal))
                {
                    throw new PeerException(failed.Reason);
                }

                log.HubDown(options.Hub.ToString(), failed.Reason);
            }

            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    /// <summary>Whether another attempt gives the same: the key, the version or the address is wrong.</summary>
    private static bool IsFinal(HandshakeRefusal refusal) => refusal is not (
        HandshakeRefusal.Busy or HandshakeRefusal.Closed or HandshakeRefusal.TimedOut or HandshakeRefusal.Reflected);

    private async Task<string> ConverseAsync(
        TransportConnection transportConnection, CancellationToken cancellationToken)
    {
        var connection = new FrameConnection<HubMessage, MemberMessage>(
            transportConnection, new MemberSide(),
            new ConnectionOptions { Time = time, SilenceLimit = options.Silence });
        await using (connection)
        {
            Volatile.Write(ref _connection, connection);
            try
            {
                await loop.PostAsync(new PeerHostEvent.HubUp(), cancellationToken);
                while (await connection.ReceiveAsync(cancellationToken) is { Kind: ReceivedKind.Message } received)
                {
                    if (log.IsEnabled(LogLevel.Debug))
                    {
                        log.Received("hub", received.Message!.GetType().Name);
                    }

                    await loop.PostAsync(
                        new PeerHostEvent.Fact(new SwarmPeerEvent.FromHub(received.Message!)), cancellationToken);
                }
            }
            finally
            {
                Volatile.Write(ref _connection, null);
                await loop.PostAsync(
                    new PeerHostEvent.Fact(new SwarmPeerEvent.HubLost()), CancellationToken.None);
            }
        }

        return connection.End?.Reason ?? "closed";
    }
}
