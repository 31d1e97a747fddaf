using Microsoft.Extensions.Logging;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Common;

/// <summary>
/// A member's way to its hub: dials, and dials again with backoff for as long as somebody wants to talk.
/// </summary>
internal sealed class HubDialing(
    ITransport transport, EndpointText hub, SwarmKey? key, TimeProvider time, ILogger log)
{
    private readonly Dialer _dialer = new(transport, HandshakeOptions.WithHub(key, time));

    /// <summary>Talks whenever the hub is there.</summary>
    /// <param name="converse">
    /// Talks until the connection ends, and says why; null: it has left, and all is said.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>
    /// Null once all is said; else why the hub will never talk to this member: its key or its version.
    /// </returns>
    public async Task<string?> RunAsync(
        Func<TransportConnection, Task<string?>> converse, CancellationToken cancellationToken)
    {
        var backoff = Backoff.OfDialling();
        string? known = null;
        while (true)
        {
            DialResult dialled = await _dialer.DialAsync(hub, cancellationToken);
            if (dialled is DialResult.Failed { Refusal: { } refusal } refused && refusal.IsFinal())
            {
                return refused.Reason;
            }

            if (dialled is DialResult.Connected connected)
            {
                log.HubUp(hub);
                known = null;
                long began = time.GetTimestamp();
                if (await converse(connected.Connection) is not { } reason)
                {
                    log.HubLeft(hub);
                    return null;
                }

                // A hub that hangs up on everybody must not be dialled all the time.
                if (time.GetElapsedTime(began) > Backoff.LongestDialPause)
                {
                    backoff.Reset();
                }

                log.HubLost(hub, reason);
            }
            else if (dialled is DialResult.Failed failed)
            {
                TellDown(failed.Reason, known);
                known = failed.Reason;
            }

            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    // A hub that starts later is nothing unusual: a line says so, not one every few seconds.
    private void TellDown(string reason, string? known)
    {
        if (reason == known)
        {
            log.HubStillDown(hub, reason);
        }
        else
        {
            log.HubDown(hub, reason);
        }
    }
}
