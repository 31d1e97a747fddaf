using System.Net;
using System.Net.Sockets;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>Accepts TCP connections; on the IPv6 wildcard address those over IPv4 too.</summary>
internal sealed class TcpTransportListener : ITransportListener
{
    private readonly Socket _socket;
    private readonly TcpOptions _options;
    private readonly WindowStretch _stretch;
    private volatile bool _isClosed;

    private TcpTransportListener(Socket socket, TcpOptions options, WindowStretch stretch)
    {
        _socket = socket;
        _options = options;
        _stretch = stretch;
        Local = EndpointText.From(socket.LocalEndPoint);
    }

    public EndpointText Local { get; }

    public static TcpTransportListener Start(IPEndPoint endpoint, TcpOptions options, WindowStretch stretch)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            if (IPAddress.IsLoopback(endpoint.Address))
            {
                LinuxTcp.DoNotPace(socket);
            }

            // On Unix the runtime sets SO_REUSEADDR before it binds: a restart need not wait for old
            // connections to time out. SocketOptionName.ReuseAddress would add SO_REUSEPORT, and two hubs
            // could share a port unseen.
            socket.Bind(endpoint);
            socket.Listen(options.Backlog);
            return new TcpTransportListener(socket, options, stretch);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync(cancellationToken);
            }
            catch (Exception e) when (_isClosed && e is SocketException or ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset
                or SocketError.ConnectionAborted)
            {
                continue;
            }
            catch (SocketException e)
            {
                throw new IOException($"cannot accept on {Local}: {e.Message}", e);
            }

            try
            {
                return TcpTransport.Wrap(socket, _options, _stretch);
            }
            catch (SocketException)
            {
                // It was gone before we looked at it; that says nothing about the next.
                socket.Dispose();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
