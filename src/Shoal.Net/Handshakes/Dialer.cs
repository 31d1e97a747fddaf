using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>Opens connections to ends that have proved who they are.</summary>
public sealed class Dialer(ITransport transport, HandshakeOptions options)
{
    /// <summary>Dials and goes through the handshake.</summary>
    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        DialResult dialled = await transport.DialAsync(endpoint, cancellationToken);
        if (dialled is not DialResult.Connected connected)
        {
            return dialled;
        }

        HandshakeRefusal? refusal = HandshakeRefusal.Closed;
        try
        {
            refusal = await Handshake.InitiateAsync(connected.Connection, options, cancellationToken);
        }
        finally
        {
            if (refusal is not null)
            {
                connected.Connection.Dispose();
            }
        }

        return refusal is null
            ? connected
            : new DialResult.Failed($"cannot talk to {endpoint}: {refusal.Value.Describe()}", refusal);
    }
}
