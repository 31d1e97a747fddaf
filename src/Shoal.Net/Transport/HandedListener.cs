using System.Threading.Channels;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>
/// Listens where somebody else does, who hands over the connections that are for it: so that one port serves several
/// conversations.
/// </summary>
/// <param name="local">Where the other one listens.</param>
/// <param name="most">Connections that wait at most; one more is closed.</param>
public sealed class HandedListener(EndpointText local, int most) : ITransportListener
{
    private readonly Channel<TransportConnection> _handed = Channel.CreateBounded<TransportConnection>(most);

    /// <inheritdoc/>
    public EndpointText Local => local;

    /// <summary>Hands a connection over; it is closed where there is no room.</summary>
    public void Hand(TransportConnection connection)
    {
        if (!_handed.Writer.TryWrite(connection))
        {
            connection.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        await _handed.Reader.WaitToReadAsync(cancellationToken)
            && _handed.Reader.TryRead(out TransportConnection? connection)
            ? connection
            : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _handed.Writer.TryComplete();
        while (_handed.Reader.TryRead(out TransportConnection? connection))
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
