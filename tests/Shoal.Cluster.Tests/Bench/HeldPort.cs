using System.Net;
using System.Net.Sockets;
using Shoal.Core.Roster;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A port of loopback that the system gives to nobody else as long as this lives, so that whoever listened there and
/// went away can come back. Nobody answers there by itself: a program of the test listens at it, or whoever dials is
/// refused.
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    // Bound, but not listening: as on Unix the runtime binds with SO_REUSEADDR, others may bind who name this port.
    public HeldPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public EndpointText Endpoint => new("127.0.0.1", Port);

    public string Address => Endpoint.ToString();

    public void Dispose() => _socket.Dispose();
}
